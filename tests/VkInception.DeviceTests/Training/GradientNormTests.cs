using VkInception.Graph;
using VkInception.Graph.Training;

namespace VkInception.DeviceTests.Training;

/// <summary>The norm of all gradients, and what the optimizer reads of it.</summary>
[TestFixtureSource(typeof(DevicesUnderTest), nameof(DevicesUnderTest.AlsoAsDiscreteGpus))]
internal sealed class GradientNormTests(DeviceUnderTest target) : DeviceFixture(target)
{
    private const float Infinity = float.PositiveInfinity;

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(15)]
    [TestCase(17)]
    [TestCase(1001)]
    [TestCase(4099)]
    public void TheNormIsOfAllElements(int granules)
    {
        float[] gradients = Random(granules * ParameterSpace.Granule, 0.01);
        float[] control = Measure(gradients, new StepValues { LossScale = 8 });

        Assert.Multiple(() =>
        {
            Assert.That(control[0], Is.EqualTo(Norm(gradients) / 8).Within(1e-5).Percent);
            Assert.That(control[1..], Is.EqualTo(new[] { 1, 0.125f, 0 }));
        });
    }

    [TestCase(0, 2, 0.5f)]
    [TestCase(100, 2, 0.5f)]
    [TestCase(4, 2, 0.5f * 4 / 16)]
    public void GradientsAreClippedWhereTheirNormIsAbove(float clip, float scale, float factor)
    {
        var gradients = new float[ParameterSpace.Granule];
        Array.Fill(gradients, 2);
        float[] control = Measure(gradients, new StepValues { LossScale = scale, ClipNorm = clip });

        Assert.That(control, Is.EqualTo(new[] { 16, 1, factor, 0 }).Within(1e-6));
    }

    [TestCase(float.NaN)]
    [TestCase(Infinity)]
    [TestCase(-Infinity)]
    public void OneElementThatIsNotFiniteShows(float value)
    {
        const int Count = 300 * ParameterSpace.Granule;
        foreach (int index in (int[])[0, 1, 4095, Count / 2 + 3, Count - 1])
        {
            float[] gradients = Random(Count, 1);
            gradients[index] = value;
            float[] control = Measure(gradients, new StepValues { LossScale = 1 });

            Assert.That(control[..2], Is.EqualTo(new[] { Infinity, 0 }), $"element {index}");
        }
    }

    [TestCase(1e30f, 1f)]
    [TestCase(3e38f, 65536f)]
    [TestCase(1e15f, 1f)]
    [TestCase(1e-15f, 1f)]
    public void SquaresBeyondTheRangeOfFloatsCount(float value, float scale)
    {
        var gradients = new float[1000 * ParameterSpace.Granule];
        gradients[70000] = value;
        gradients[128001] = -value;
        float[] control = Measure(gradients, new StepValues { LossScale = scale, ClipNorm = 1 });

        Assert.Multiple(() =>
        {
            double norm = Math.Sqrt(2) * value / scale;
            Assert.That(control[0], Is.EqualTo(norm).Within(1e-4).Percent);
            Assert.That(control[1], Is.EqualTo(1));
            Assert.That(control[2], Is.EqualTo(Math.Min(1, 1 / norm) / scale).Within(1e-4).Percent.Or.LessThan(1.2e-38f));
        });
    }

    [Test]
    public void ANormAboveTheLargestFloatIsTheLargest()
    {
        var gradients = new float[4096];
        Array.Fill(gradients, -3e38f);

        Assert.That(Measure(gradients, new StepValues { LossScale = 1 })[..2], Is.EqualTo(new[] { float.MaxValue, 1 }).Within(1e-4).Percent);
    }

    [Test]
    public void TheResultIsTheSameBitForBit()
    {
        float[] gradients = Random(1234 * ParameterSpace.Granule, 1);
        float[] first = Measure(gradients, new StepValues { LossScale = 1 });

        for (int i = 0; i < 3; i++) Assert.That(Measure(gradients, new StepValues { LossScale = 1 }), Is.EqualTo(first));
    }

    private float[] Measure(float[] gradients, StepValues values)
    {
        var run = new LaunchRun(Device);
        TensorView control = run.Place("control", [7, 7, 7, 7]);
        run.Run(GradientNorm.Launches(run.Place("gradients", gradients), run.Place(values), control));
        return run.Of(control);
    }

    private static float[] Random(int count, double scale)
    {
        var random = new Random(count);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(scale * (random.NextDouble() - 0.5)))];
    }

    private static double Norm(float[] values) => Math.Sqrt(values.Sum(v => (double)v * v));
}
