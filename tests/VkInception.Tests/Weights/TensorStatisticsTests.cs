using NUnit.Framework;
using VkInception.Weights;

namespace VkInception.Tests.Weights;

[TestFixture]
public sealed class TensorStatisticsTests
{
    [Test]
    public void MomentsHoldAcrossChunksAndFarFromZero()
    {
        float[] values = [.. Enumerable.Range(0, 100_001).Select(i => 100_000f + i % 101)];
        TensorStatistics statistics = TensorStatistics.Of(NamedTensor.FromFloat32("x", [100_001], values));
        double mean = values.Average(v => (double)v);
        Assert.That(statistics.Min, Is.EqualTo(100_000));
        Assert.That(statistics.Max, Is.EqualTo(100_100));
        Assert.That(statistics.Mean, Is.EqualTo(mean).Within(1e-9 * mean));
        Assert.That(statistics.StandardDeviation, Is.EqualTo(Math.Sqrt(values.Average(v => (v - mean) * (v - mean)))).Within(1e-9));
        Assert.That(statistics.AllFinite);
    }

    [Test]
    public void NaNAndInfinityAreCountedApart()
    {
        float[] values = [1, float.NaN, 3, float.PositiveInfinity, float.NegativeInfinity, float.NaN];
        TensorStatistics statistics = TensorStatistics.Of(NamedTensor.FromFloat32("x", [6], values));
        Assert.That(statistics, Is.EqualTo(new TensorStatistics(1, 3, 2, 1, 2, 2)));
        Assert.That(statistics.AllFinite, Is.False);
    }

    [Test]
    public void NothingFiniteGivesNaN([Values(0, 2)] int count)
    {
        float[] values = [.. Enumerable.Repeat(float.NaN, count)];
        TensorStatistics statistics = TensorStatistics.Of(NamedTensor.FromFloat32("x", [count], values));
        Assert.That(statistics, Is.EqualTo(new TensorStatistics(double.NaN, double.NaN, double.NaN, double.NaN, count, 0)));
    }
}
