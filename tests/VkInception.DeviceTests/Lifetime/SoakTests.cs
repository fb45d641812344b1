using VkInception.Soak;

namespace VkInception.DeviceTests.Lifetime;

/// <summary>The soak program (tests/VkInception.Soak) for a short time: nothing grows.</summary>
internal sealed class SoakTests(DeviceUnderTest target) : DeviceFixture(target)
{
    [Test]
    public void RunningMakesNothingGrow() => ExpectFlat(Soaking.Inference(Target.Selector, 600));

    [Test]
    public void TrainingMakesNothingGrow() => ExpectFlat(Soaking.Training(Target.Selector, 150));

    [Test]
    public void OpeningAndClosingMakesNothingGrow() => ExpectFlat(Soaking.Cycles(Target.Selector, 24));

    private static void ExpectFlat(Curve curve) => Assert.That(curve.Growing, Is.Empty, curve.Table());
}
