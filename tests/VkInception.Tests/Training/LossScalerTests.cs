using NUnit.Framework;
using VkInception.Graph.Training;

namespace VkInception.Tests.Training;

/// <summary>The loss scale: halved where gradients overflow, doubled where they have not for long.</summary>
public class LossScalerTests
{
    [Test]
    public void ItBeginsAtTwoToTheSixteenth() => Assert.That(LossScaler.Initial, Is.EqualTo(new LossScaler(65536, 0)));

    [Test]
    public void AnOverflowHalvesItAndCountsAnew() => Assert.That(new LossScaler(1024, 1999).Next(wasFinite: false), Is.EqualTo(new LossScaler(512, 0)));

    [Test]
    public void TwoThousandGoodStepsInARowDoubleIt()
    {
        LossScaler scaler = LossScaler.Initial;
        for (int i = 0; i < 1999; i++) scaler = scaler.Next(wasFinite: true);
        Assert.That(scaler, Is.EqualTo(new LossScaler(65536, 1999)));
        Assert.That(scaler.Next(wasFinite: true), Is.EqualTo(new LossScaler(131072, 0)));
        Assert.That(scaler.Next(wasFinite: false).Next(wasFinite: true), Is.EqualTo(new LossScaler(32768, 1)));
    }

    [Test]
    public void ItStaysBetweenItsBounds()
    {
        LossScaler low = LossScaler.Initial, high = LossScaler.Initial;
        for (int i = 0; i < 40; i++) low = low.Next(wasFinite: false);
        for (int i = 0; i < 40 * LossScaler.StepsToGrow; i++) high = high.Next(wasFinite: true);

        Assert.Multiple(() =>
        {
            Assert.That(low, Is.EqualTo(new LossScaler(1, 0)));
            Assert.That(low.IsExhausted);
            Assert.That(high.Scale, Is.EqualTo(1 << 24));
            Assert.That(high.IsExhausted, Is.False);
        });
    }

    [Test]
    public void ItGoesOnFromWhatWasStored()
    {
        LossScaler whole = LossScaler.Initial, parts = LossScaler.Initial;
        for (int i = 0; i < 5000; i++)
        {
            whole = whole.Next(i % 777 != 5);
            parts = new LossScaler(parts.Scale, parts.GoodSteps).Next(i % 777 != 5);
        }
        Assert.That(parts, Is.EqualTo(whole));
    }
}
