using System.Globalization;
using NUnit.Framework;
using VkInception.Graph;

namespace VkInception.Tests.Graph;

/// <summary>A float stands for the shortest decimal that names it.</summary>
internal sealed class DecimalValueTests
{
    [TestCase(0.01f, 0.01)]
    [TestCase(0.3f, 0.3)]
    [TestCase(1e-4f, 1e-4)]
    [TestCase(0.001f, 0.001)]
    [TestCase(0.5f, 0.5)]
    [TestCase(-2e-4f, -2e-4)]
    [TestCase(16777217f, 16777216)]
    [TestCase(float.PositiveInfinity, double.PositiveInfinity)]
    [TestCase(float.NegativeInfinity, double.NegativeInfinity)]
    [TestCase(float.NaN, double.NaN)]
    public void Of(float value, double expected) => Assert.That(DecimalValue.Of(value), Is.EqualTo(expected));

    [Test]
    public void Of_DoesNotDependOnTheCulture()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("de-DE");
        try
        {
            Assert.That(DecimalValue.Of(0.9f), Is.EqualTo(0.9));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Test]
    public void RoundsBackToTheFloat()
    {
        var random = new Random(1);
        for (int i = 0; i < 1000; i++)
        {
            float value = BitConverter.UInt32BitsToSingle((uint)random.NextInt64(1L << 32));
            Assert.That((float)DecimalValue.Of(value), Is.EqualTo(value));
        }
    }
}
