using VkInception.Graph;
using VkInception.Graph.Ops;
using static VkInception.DeviceTests.Ops.RandomShapes;

namespace VkInception.DeviceTests.Ops;

/// <summary>Batch normalization in training: statistics of the batch, running averages, gradients.</summary>
internal sealed class BatchNormTests(DeviceUnderTest target) : DeviceFixture(target)
{
    [Test]
    public void BatchNorm2d_NormalizesByTheBatch() => ForAny(60, random =>
    {
        OutputRange[] ranges = [OutputRange.All, OutputRange.ReLU, new(-0.5f, 1)];
        var op = new BatchNorm2d(1e-2f, random.Next(3) > 0) { Momentum = random.Next(2) == 0 ? 0.1f : 0.01f, Range = ranges[random.Next(3)] };
        Shape shape;
        do shape = random.Next(3) == 0 ? [random.Next(2, 40), Channels(random)] : Image(random, 6);
        while (shape.Count == shape.C);
        new OpRun(Device, random) { MayShareGradient = true, Scale = 5 }.VerifyBackward(op, 1e-5, shape);
    });

    [Test]
    public void BatchNorm2d_OfManyPixels() => ForAny(3, random =>
        new OpRun(Device, random) { Sample = 4, Scale = 5 }.VerifyBackward(new BatchNorm2d(1e-3f) { Range = OutputRange.ReLU }, 1e-5, [2, random.Next(1, 9), random.Next(60, 100), 90]));

    [Test]
    public void BatchNorm2d_OfManyParts()
        => new OpRun(Device, new Random(1)) { Sample = 2, Scale = 5 }.VerifyBackward(new BatchNorm2d(), 1e-5, [1, 4, 257, 130]);

    [Test]
    public void BatchNorm2d_FarFromZero() => ForAny(10, random =>
        // A mean of 1000 is rounded to 2^-14, which moves every output a little; sums of squares around zero would leave nothing of a variance of 1/12.
        new OpRun(Device, random) { Element = (r, name) => name == "x0" ? 1000 + r.NextDouble() : 2 * r.NextDouble() - 1, Scale = 5 }
            .VerifyBackward(new BatchNorm2d(1e-5f), 3e-4, [2, Channels(random), random.Next(4, 9), 9]));

    [Test]
    public void BatchNorm2d_OfOneValueIsRefused()
        => Assert.That(() => new OpRun(Device, new Random(1)).VerifyBackward(new BatchNorm2d(), 0, [1, 4, 1, 1]), Fails(ErrorCode.ShapeMismatch, "larger batch"));
}
