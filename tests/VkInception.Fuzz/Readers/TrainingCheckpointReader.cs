using System.Security.Cryptography;
using VkInception.Fuzz.Mutations;
using VkInception.Training;
using VkInception.Weights;

namespace VkInception.Fuzz.Readers;

/// <summary><see cref="CheckpointStore.OpenLatest"/>: what <c>--resume</c> goes on from.</summary>
internal sealed class TrainingCheckpointReader() : Reader("training")
{
    private const string File1 = "checkpoint-000000012.safetensors";

    private static readonly RunIdentity identity = new()
    {
        Model = "tiny",
        Classes = ["cat", "dog"],
        Optimizer = "sgd",
        OptimizerOptions = new Dictionary<string, string> { ["momentum"] = "0.9" },
        Schedule = "step",
        Seed = 7,
        DataFingerprint = "abc",
        Input = ImageInput.Torchvision,
        Settings = new Dictionary<string, string> { ["batch"] = "4" },
    };

    private CheckpointStore? store;

    public override IReadOnlyList<byte[]> Seeds => field ??= [Written(12)];

    public override IReadOnlyList<Mutation> Grammar { get; } =
    [
        new PrefixedMutation(0, 8, new TextMutation("\"step\"", "\"epoch\"", "\"settings\"", "\"progress\"", "\"classes\"", "weights/", "optimizer/", "optimizer/momentum/", "ema/", "\"[null]\"", "\"{\\\"a\\\":null}\"", "\"null\"", "\"-1\"", "\"1e999\"", "\"NaN\"", "__sha256__")),
    ];

    public override string Read(byte[] input)
    {
        store ??= new CheckpointStore(Scratch.Folder("run"));
        Scratch.Write($"run/{File1}", input);
        LatestCheckpoint own = store.OpenLatest();
        using ResumePoint? point = own.Point;
        foreach (string line in own.Skipped) if (line.Contains('\n', StringComparison.Ordinal)) throw new InvalidOperationException($"a notice of several lines: {line}");
        if (point is null) throw new VkInceptionException(ErrorCode.FileDamaged, own.Skipped[0]);
        IReadOnlyList<string> differences = point.State.Identity.DifferencesTo(identity);
        foreach (NamedTensor tensor in point.State.Weights.Concat(point.State.Ema).Concat(point.State.Optimizer.Values.SelectMany(o => o)).Take(100)) if (tensor.Count < 1 << 16) tensor.ToFloat32();
        foreach (string name in point.State.Identity.Classes) ArgumentNullException.ThrowIfNull(name);
        if (point.State.Step < 0 || point.State.Epoch < 0 || point.State.BatchInEpoch < 0) throw new InvalidOperationException("a negative position was taken for sound");
        _ = point.State.WeightsForUse.Count;
        return $"differences {Math.Min(differences.Count, 9)} optimizer {Math.Min(point.State.Optimizer.Count, 3)} ema {Math.Min(point.State.Ema.Count, 2)} scaler {point.State.LossScaler is not null}";
    }

    public override byte[] Seal(byte[] input)
    {
        if (input.Length < SHA256.HashSizeInBytes) return input;
        byte[] body = input[..^SHA256.HashSizeInBytes];
        return [.. body, .. SHA256.HashData(body)];
    }

    private static byte[] Written(long step)
    {
        string folder = Scratch.Folder("seed-run");
        using (var store = new CheckpointStore(folder))
        {
            store.Save(new TrainingState
            {
                Identity = identity,
                Step = step,
                Epoch = 1,
                BatchInEpoch = 2,
                Progress = new EpochProgress(320, 17, 0.5, 12.5, 0.25),
                BestAccuracy = 0.5,
                LossScaler = new LossScalerState(65536, 3),
                Extra = new Dictionary<string, string> { ["note"] = "kept" },
                Weights = [NamedTensor.FromFloat32("w", [2], new float[2])],
                Optimizer = new Dictionary<string, IReadOnlyList<NamedTensor>> { ["momentum"] = [NamedTensor.FromFloat32("w", [2], new float[2])] },
                Ema = [NamedTensor.FromFloat32("w", [2], new float[2])],
            });
        }
        return File.ReadAllBytes(Path.Combine(folder, File1));
    }
}
