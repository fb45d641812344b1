using System.Runtime.InteropServices;
using VkInception.DeviceTests.Vulkan;
using VkInception.Vulkan;

namespace VkInception.DeviceTests.Ops;

/// <summary>exp, log and pow of doubles (shaders/include/double.glsl) against the host's.</summary>
internal sealed class DoubleFunctionTests(DeviceUnderTest target) : DeviceFixture(target)
{
    private const double Tolerance = 1e-15;

    private static readonly Func<double, double, double>[] Functions = [(x, _) => Math.Exp(x), (x, _) => Math.Log(x), Math.Pow];

    [SetUp]
    public void NeedsDoubles() => DoublePrecisionTests.IgnoreWithoutDoubles(Device);

    [Test]
    public void Results_AreWithinAFewRoundings()
    {
        var random = new Random(1);
        double Any() => random.Next(4) switch
        {
            // Near one the logarithm is near zero, and keeps its digits there.
            0 => 1 + Math.Pow(10, -random.Next(1, 15)) * (2 * random.NextDouble() - 1),
            1 => (2 * random.NextDouble() - 1) * 700,
            2 => Math.Exp((2 * random.NextDouble() - 1) * 600),
            _ => 4 * random.NextDouble() - 2,
        };
        Check([.. Enumerable.Range(0, 4000).SelectMany(i => new[] { Any(), 4 * random.NextDouble() - 2 })]);
    }

    [Test]
    public void SpecialValues_AreThoseOfTheHost()
        => Check([.. new[] { 0, 1, -1, 709.78, 709.79, -708.3, -746, -1e300, 1e300, double.PositiveInfinity, double.NegativeInfinity, double.NaN, Math.Sqrt(2), Math.Sqrt(0.5), 2, 0.5 }.SelectMany(x => new[] { x, 1 })]);

    private void Check(double[] x)
    {
        double[] y = Run(x);
        for (int i = 0; i < y.Length; i++)
        {
            double a = x[i / 3 * 2], b = x[i / 3 * 2 + 1], expected = Functions[i % 3](a, b);
            // pow is e^(b ln a): not for negative numbers, and its error grows with the exponent.
            if (i % 3 == 2 && !(a > 0 && double.IsFinite(a))) continue;
            double tolerance = i % 3 == 2 ? Tolerance * Math.Max(1, Math.Abs(b * Math.Log(a))) : Tolerance;
            bool equal = double.IsFinite(expected) ? Math.Abs(y[i] - expected) <= tolerance * Math.Abs(expected) : y[i].Equals(expected);
            // Devices may take the smallest numbers for zero.
            if (!equal && !(Math.Abs(expected) < 2.3e-308 && Math.Abs(y[i] - expected) < 2.3e-308))
                Assert.Fail($"function {i % 3} of {a:g17} and {b:g17} is {y[i]:g17}, {expected:g17} is expected");
        }
    }

    private double[] Run(double[] x)
    {
        var y = new double[x.Length / 2 * 3];
        SpirvModule module = TestKernels.Load("double_functions");
        using GpuBuffer given = Device.Allocate(x.Length * sizeof(double), MemoryUse.Device, "x"), results = Device.Allocate(y.Length * sizeof(double), MemoryUse.Device, "y");
        Device.Upload(given, 0, MemoryMarshal.AsBytes<double>(x));
        using CommandRecorder recorder = Device.Record("functions");
        recorder.Dispatch(Device.GetKernel(module, [], 64), TestKernels.Push(module, ("x", given), ("y", results), ("count", (uint)x.Length / 2)), 8, 1, 1);
        using RecordedCommands commands = recorder.End();
        Device.Wait(Device.Submit(commands));
        Device.Download(results, 0, MemoryMarshal.AsBytes(y.AsSpan()));
        return y;
    }
}
