using System.Globalization;
using NUnit.Framework;
using VkInception.Training;

namespace VkInception.Tests.Training;

public class AxisTests
{
    [TestCase(0, 2.61, "0 0.5 1.0 1.5 2.0 2.5 3.0")]
    [TestCase(0, 98.7, "0 20 40 60 80 100")]
    [TestCase(0, 0.1, "0 0.02 0.04 0.06 0.08 0.10")]
    [TestCase(0, 3122, "0 1000 2000 3000 4000")]
    [TestCase(0, 61000, "0 20k 40k 60k 80k")]
    [TestCase(0, 0.000031, "0 1e-5 2e-5 3e-5 4e-5")]
    [TestCase(-3, 4, "-4 -2 0 2 4")]
    [TestCase(7, 7, "2 4 6 8 10 12")]
    [TestCase(0, 0, "0 0.2 0.4 0.6 0.8 1.0")]
    public void TicksAreRoundNumbersAndHoldTheValues(double low, double high, string ticks)
    {
        Axis axis = Axis.Round(low, high);
        Assert.That(string.Join(' ', axis.Ticks.Select(axis.Label)), Is.EqualTo(ticks));
        Assert.That(axis.Low, Is.LessThanOrEqualTo(low));
        Assert.That(axis.High, Is.GreaterThanOrEqualTo(high));
        Assert.That(axis.Ticks[^1], Is.EqualTo(axis.High).Within(1e-9 * axis.High));
    }

    [TestCase(0, 90, true, "0 20 40 60 80")]
    [TestCase(0, 12, true, "0 2 4 6 8 10 12")]
    [TestCase(0, 3, true, "0 1 2 3")]
    [TestCase(0, 1, false, "0 0.2 0.4 0.6 0.8 1.0")]
    [TestCase(0, 450000, true, "0 100k 200k 300k 400k")]
    public void AnExactAxisEndsWhereItsValuesEnd(double low, double high, bool whole, string ticks)
    {
        Axis axis = Axis.Exact(low, high, whole);
        Assert.That(string.Join(' ', axis.Ticks.Select(axis.Label)), Is.EqualTo(ticks));
        Assert.That((axis.Low, axis.High), Is.EqualTo((low, high)));
    }

    [TestCase(0.001f, 0.1f, "0.001 0.01 0.1")]
    [TestCase(0.0002f, 0.1f, "1e-4 0.001 0.01 0.1")]
    [TestCase(0.01f, 0.01f, "0.01 0.1")]
    [TestCase(1e-20f, 1f, "1e-20 1e-17 1e-14 1e-11 1e-8 1e-5 0.01")]
    public void PowersOfTen(float low, float high, string ticks)
    {
        Axis axis = Axis.Logarithmic(low, high);
        Assert.That(string.Join(' ', axis.Ticks.Select(axis.Label)), Is.EqualTo(ticks));
        Assert.That(axis.Place(axis.Ticks[1]), Is.EqualTo((Math.Log10(axis.Ticks[1]) - Math.Log10(axis.Low)) / (Math.Log10(axis.High) - Math.Log10(axis.Low))).Within(1e-12));
    }

    [Test]
    public void AnyRangeHasAFewTicksWithDifferentLabelsThatTellTheirValue()
    {
        var random = new Random(5);
        for (int i = 0; i < 20_000; i++)
        {
            double low = (random.NextDouble() - 0.3) * Math.Pow(10, random.Next(-12, 30));
            double high = low + (random.NextDouble() * Math.Pow(10, random.Next(-12, 30)));
            // Closer together than a number can tell is one value.
            if (high - low < 1e-4 * Math.Abs(low))
                high = low;
            Axis axis = Axis.Round(low, high);
            string[] labels = [.. axis.Ticks.Select(axis.Label)];
            if (labels.Length is < 2 or > 13 || labels.Any(l => l.Length > 11) || !axis.Ticks.SequenceEqual(axis.Ticks.Order()))
                Assert.Fail($"{low:R} to {high:R}: {string.Join(' ', labels)}");
            if (Math.Abs(low) < 100 * (high - low) && labels.Distinct().Count() != labels.Length)
                Assert.Fail($"{low:R} to {high:R}: {string.Join(' ', labels)}");
            foreach ((string label, double tick) in labels.Zip(axis.Ticks))
            {
                double value = double.Parse(label.TrimEnd('k', 'M'), CultureInfo.InvariantCulture) * (label[^1] == 'k' ? 1e3 : label[^1] == 'M' ? 1e6 : 1);
                if (Math.Abs(value - tick) > 0.011 * Math.Max(Math.Abs(tick), (axis.High - axis.Low) / 6))
                    Assert.Fail($"{low:R} to {high:R}: {label} for {tick:R}");
            }
        }
    }

    [Test]
    public void PlacesRunFromEndToEndAndNoFurther()
    {
        Axis axis = Axis.Round(0, 10);
        Assert.That(new[] { -5, 0, 2.5, 10, 99 }.Select(axis.Place), Is.EqualTo(new[] { 0, 0, 0.25, 1, 1 }));
    }

    [Test]
    public void ThinningKeepsMeansAndStepsOverGaps()
    {
        CurvePoint[] points = [.. Enumerable.Range(0, 1000).Select(i => new CurvePoint(i, i < 500 ? double.NaN : i % 2))];
        IReadOnlyList<CurvePoint> thin = Curve.Thin(points, 100);

        Assert.That(thin, Has.Count.EqualTo(100));
        Assert.That(thin[0].X, Is.EqualTo(4.5));
        Assert.That(thin.Take(50).Select(p => p.Y), Is.All.NaN);
        Assert.That(thin.Skip(50).Select(p => p.Y), Is.All.EqualTo(0.5));
        Assert.That(Curve.Thin(points, 1000), Is.SameAs(points));
    }
}
