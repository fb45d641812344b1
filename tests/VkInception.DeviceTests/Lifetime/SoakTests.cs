using VkInception.Soak;

namespace VkInception.DeviceTests.Lifetime;

/// <summary>The soak program (tests/VkInception.Soak) for a short time: nothing grows.</summary>
internal sealed class SoakTests(DeviceUnderTest target) : DeviceFixture(target)
{
    [Test]
    public void RunningMakesNothingGrow() => ExpectFlat(() => Soaking.Inference(Target.Selector, 600));

    [Test]
    public void TrainingMakesNothingGrow() => ExpectFlat(() => Soaking.Training(Target.Selector, 150));

    [Test]
    public void OpeningAndClosingMakesNothingGrow() => ExpectFlat(() => Soaking.Cycles(Target.Selector, 24));

    /// <summary>This process does much else: a thread of its pool may come in the middle, once. What leaks does so every time.</summary>
    private static void ExpectFlat(Func<Curve> soak)
    {
        Curve curve = soak();
        if (curve.Growing.Count == 0) return;
        Curve again = soak();
        Assert.That(again.Growing, Is.Empty, $"twice: {curve.Table()}{again.Table()}");
    }
}
