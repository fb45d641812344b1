using VkInception.Graph;
using VkInception.Graph.Ops;
using static VkInception.DeviceTests.Ops.RandomShapes;

namespace VkInception.DeviceTests.Ops;

/// <summary>Every operation's training forward and backward pass against its reference, on random shapes, offsets and row strides.</summary>
internal sealed class OpBackwardTests(DeviceUnderTest target) : DeviceFixture(target)
{
    private const int Runs = 60;

    /// <summary>A few roundings of single precision.</summary>
    private const double Rounding = 1e-6;

    [Test]
    public void Clamps_PassTheGradientInside() => ForAny(Runs, random =>
    {
        Op[] ops = [new ReLU(), new ReLU6(), new Clip(-0.25f, 0.5f), new Clip(float.NegativeInfinity, 0.125f), new Clip(1, -1)];
        // Values on the bounds too, and NaN.
        double[] special = [0, 6, -0.25, 0.5, 0.125, double.NaN];
        new OpRun(Device, random)
        {
            Element = (r, name) => name == "x0" && r.Next(4) == 0 ? special[r.Next(special.Length)] : 16 * r.NextDouble() - 8,
            MayShareGradient = true,
        }.VerifyBackward(ops[random.Next(ops.Length)], Rounding, Any(random, random.Next(0, 6)));
    });
}
