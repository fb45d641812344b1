using VkInception.Training;
using VkInception.Weights;

namespace VkInception.Tests.Training;

/// <summary>Training states small enough to be damaged byte by byte.</summary>
internal static class States
{
    /// <summary>Bits that a conversion would lose: signed zero, a NaN's payload, a subnormal, the largest.</summary>
    public static readonly float[] Awkward =
        [-0f, BitConverter.UInt32BitsToSingle(0x7fc1_2345), float.Epsilon, float.MaxValue, float.NegativeInfinity, 1f / 3];

    public static RunIdentity Identity { get; } = new()
    {
        Model = "googlenet",
        Classes = ["cat", "dög \"\n<b>"],
        Optimizer = "sgd",
        OptimizerOptions = new Dictionary<string, string> { ["momentum"] = "0.9", ["weightDecay"] = "0.0002" },
        Schedule = "step 0.96 every 8",
        Seed = ulong.MaxValue,
        DataFingerprint = "abc",
        Input = ImageInput.Torchvision,
        Settings = new Dictionary<string, string> { ["batch"] = "32" },
    };

    public static TrainingState At(long step, params float[] weights) => new()
    {
        Identity = Identity,
        Step = step,
        Epoch = (int)(step / 10),
        BatchInEpoch = (int)(step % 10),
        Progress = new EpochProgress(320, 17, 0.1 + 0.2, 12.5, 0.25),
        BestAccuracy = 0.1 + 0.7,
        LossScaler = new LossScalerState(65536, 1999),
        Extra = new Dictionary<string, string> { ["note"] = "kept" },
        Weights = [Row("conv1/7x7_s2.weight", weights.Length > 0 ? weights : Awkward), Row("conv1/7x7_s2.bias", step)],
        Optimizer = new Dictionary<string, IReadOnlyList<NamedTensor>>
        {
            ["momentum"] = [Row("conv1/7x7_s2.weight", Awkward), NamedTensor.FromInt64("steps", [1], new[] { step })],
        },
        Ema = [Row("conv1/7x7_s2.bias", 2 * step)],
    };

    public static NamedTensor Row(string name, params float[] values) => NamedTensor.FromFloat32(name, [values.Length], values);

    public static IEnumerable<uint> Bits(NamedTensor tensor) => tensor.ToFloat32().Select(BitConverter.SingleToUInt32Bits);
}
