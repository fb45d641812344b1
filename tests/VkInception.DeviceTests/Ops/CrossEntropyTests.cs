using VkInception.Graph.Ops;
using static VkInception.DeviceTests.Ops.RandomShapes;

namespace VkInception.DeviceTests.Ops;

/// <summary>The loss of a classifier and its gradient.</summary>
internal sealed class CrossEntropyTests(DeviceUnderTest target) : DeviceFixture(target)
{
    private const double Rounding = 3e-6;

    [Test]
    public void SoftmaxCrossEntropy_OfAnyBatch() => ForAny(60, random =>
    {
        int images = random.Next(1, 9), classes = random.Next(4) == 0 ? random.Next(60, 300) : random.Next(1, 12);
        Run(random, classes, r => 20 * r.NextDouble() - 10).VerifyBackward(Loss(random), Rounding, [images, classes], [images]);
    });

    [Test]
    public void SoftmaxCrossEntropy_OfHugeAndOfEqualLogits() => ForAny(20, random =>
    {
        int images = random.Next(1, 9), classes = random.Next(2, 12);
        double[] logits = [0, 0, 1e30, -1e30, 1e37, 100];
        Run(random, classes, r => logits[r.Next(2)]).VerifyBackward(new SoftmaxCrossEntropy(), Rounding, [images, classes], [images]);
        Run(random, classes, r => logits[r.Next(6)]).VerifyBackward(new SoftmaxCrossEntropy(), Rounding, [images, classes], [images]);
    });

    [Test]
    public void SoftmaxCrossEntropy_OfManyImages() => Run(new Random(1), 10, r => r.NextDouble()).VerifyBackward(new SoftmaxCrossEntropy(0.3f), Rounding, [300, 10], [300]);

    [Test]
    public void SoftmaxCrossEntropy_OfLogitsThatAreNoNumbers() => ForAny(20, random =>
    {
        int images = random.Next(1, 4), classes = random.Next(2, 80);
        double[] logits = [double.NaN, double.PositiveInfinity, double.NegativeInfinity];
        Run(random, classes, r => r.Next(2 * classes) == 0 ? logits[r.Next(3)] : r.NextDouble()).VerifyBackward(new SoftmaxCrossEntropy(), Rounding, [images, classes], [images]);
    });

    [Test]
    public void SoftmaxCrossEntropy_OfNoLabelThatCounts() => ForAny(10, random =>
        new OpRun(Device, random) { Element = (r, name) => name == "x1" ? SoftmaxCrossEntropy.IgnoredLabel : r.NextDouble(), IntegerInput = 1 }
            .VerifyBackward(Loss(random), 0, [3, 5], [3]));

    private static SoftmaxCrossEntropy Loss(Random random)
        => new(random.Next(2) == 0 ? 1 : 0.3f, random.Next(2) == 0 ? 0 : 0.1f, ClassWeights: random.Next(2) == 0);

    private OpRun Run(Random random, int classes, Func<Random, double> logit) => new(Device, random) { Element = Elements(classes, logit), IntegerInput = 1 };

    private static Func<Random, string, double> Elements(int classes, Func<Random, double> logit) => (random, name) => name switch
    {
        "x0" => logit(random),
        "x1" => random.Next(5) switch { 0 => SoftmaxCrossEntropy.IgnoredLabel, 1 => random.Next(-2, classes + 3), _ => random.Next(classes) },
        _ => 0.5 + random.NextDouble(),
    };
}
