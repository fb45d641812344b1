using System.Collections.Immutable;
using NUnit.Framework;
using VkInception.Graph;
using VkInception.Graph.Ops;

namespace VkInception.Tests.Graph;

/// <summary>Shape rules: what comes out, which parameters are asked for, and that nonsense is refused in one clear line.</summary>
public sealed class OpShapeTests
{
    private static readonly Shape Image = [2, 8, 14, 10];

    public static IEnumerable<TestCaseData> Accepted()
    {
        yield return Case(new Conv2d(16, new Window(7, 7, 2, 2, 3, 3, 3, 3)), [2, 16, 7, 5], Image);
        yield return Case(new Conv2d(16, new Window(1, 3, 1, 1, 0, 2, 0, 0)), [2, 16, 14, 10], Image);
        yield return Case(new MaxPool2d(Window.Square(3, 2), CeilMode: true), [2, 8, 7, 5], Image);
        yield return Case(new MaxPool2d(Window.Square(3, 2)), [2, 8, 6, 4], Image);
        yield return Case(new AvgPool2d(Window.Square(5, 3)), [2, 8, 4, 2], Image);
        yield return Case(new GlobalAvgPool2d(), [2, 8, 1, 1], Image);
        yield return Case(new GlobalMaxPool2d(), [2, 8, 1, 1], Image);
        yield return Case(new AdaptiveAvgPool2d(4, 20), [2, 8, 4, 20], Image);
        yield return Case(new LocalResponseNorm(), Image, Image);
        yield return Case(new BatchNorm2d(), Image, Image);
        yield return Case(new ReLU(), [3], [3]);
        yield return Case(new Concat(1), [2, 13, 14, 10], Image, [2, 5, 14, 10]);
        yield return Case(new Concat(-1), [4, 5], [4, 2], [4, 3]);
        yield return Case(new Add(), [2, 8, 14, 10], Image, [8, 1, 1]);
        yield return Case(new Mul(), [2, 5, 3], [5, 1], [2, 1, 3]);
        yield return Case(new Sub { ConstantShape = [10] }, Image, Image);
        yield return Case(new Softmax(-1), Image, Image);
        yield return Case(new Dropout(0.4f), Image, Image);
        yield return Case(new Flatten(), [2, 1120], Image);
        yield return Case(new Flatten(0), [1, 2240], Image);
        yield return Case(new Flatten(4), [2240, 1], Image);
        yield return Case(new Reshape([16, 140]), [16, 140], Image);
        yield return Case(new Transpose([0, 2, 3, 1]), [2, 14, 10, 8], Image);
        yield return Case(new Pad([0, 0, 1, -2], [0, 0, 1, 3]), [2, 8, 16, 11], Image);
        yield return Case(new Identity(), [], [Shape.Create([])]);
    }

    [TestCaseSource(nameof(Accepted))]
    public void Infer_GivesTheOutputShape(Op op, Shape expected, ImmutableArray<Shape> inputs)
        => Assert.That(op.Infer(inputs).Outputs, Is.EqualTo(new[] { expected }));

    public static IEnumerable<TestCaseData> Refused()
    {
        yield return Refusal(new Conv2d(16, Window.Square(3)), "N×C×H×W", [2, 8]);
        yield return Refusal(new Conv2d(16, Window.Square(3)), "one input", Image, Image);
        yield return Refusal(new Conv2d(16, Window.Square(15)), "smaller than the kernel", Image);
        yield return Refusal(new Conv2d(16, Window.Square(3, 1, 0, int.MaxValue)), "smaller than the kernel", Image);
        yield return Refusal(new Conv2d(16, Window.Square(3, 1, int.MaxValue)), "2^31", Image);
        yield return Refusal(new Conv2d(16, Window.Square(0)), "kernel", Image);
        yield return Refusal(new Conv2d(16, Window.Square(1, 0)), "stride", Image);
        yield return Refusal(new Conv2d(16, Window.Square(1, 1, -1)), "padding", Image);
        yield return Refusal(new Conv2d(16, Window.Square(1, 1, 0, 0)), "dilation", Image);
        yield return Refusal(new Conv2d(0, Window.Square(1)), "output channels", Image);
        yield return Refusal(new Conv2d(16, Window.Square(1), Groups: 3), "groups", Image);
        yield return Refusal(new Conv2d(15, Window.Square(1), Groups: 2), "groups", Image);
        yield return Refusal(new Linear(10), "flatten", Image);
        yield return Refusal(new Linear(0), "features", [1, 2]);
        yield return Refusal(new MaxPool2d(Window.Square(2, 2, 2)), "padding", Image);
        yield return Refusal(new AvgPool2d(Window.Square(3, 1, 0, 2)), "dilation", Image);
        yield return Refusal(new AdaptiveAvgPool2d(0, 1), "at least 1", Image);
        yield return Refusal(new AdaptiveAvgPool2d(int.MaxValue, 1), "too large", Image);
        yield return Refusal(new LocalResponseNorm(4), "odd", Image);
        yield return Refusal(new LocalResponseNorm(0), "size 0", Image);
        yield return Refusal(new BatchNorm2d(), "N×C", [1, 2, 3]);
        yield return Refusal(new BatchNorm2d(float.NaN), "epsilon", Image);
        yield return Refusal(new Clip(float.NaN, 1), "bound", Image);
        yield return Refusal(new Concat(4), "axis 4", Image);
        yield return Refusal(new Concat(1), "differ", Image, [2, 8, 14, 9]);
        yield return Refusal(new Concat(1), "differ", Image, [2, 8]);
        yield return Refusal(new Concat(1), "at least one");
        yield return Refusal(new Concat(0), "would hold", [int.MaxValue], [1]);
        yield return Refusal(new Add(), "broadcast", Image, [2, 8, 14, 9]);
        yield return Refusal(new Add(), "2 inputs", Image);
        yield return Refusal(new Mul { ConstantShape = [1] }, "1 input", Image, Image);
        yield return Refusal(new Div(), "5 axes", [1, 1, 1, 1, 1, 1], [1]);
        yield return Refusal(new Softmax(-5), "axis -5", Image);
        yield return Refusal(new Dropout(1), "rate", Image);
        yield return Refusal(new Flatten(5), "axis 5", Image);
        yield return Refusal(new Reshape([7]), "7", Image);
        yield return Refusal(new Transpose([0, 1, 1, 2]), "once", Image);
        yield return Refusal(new Transpose([0, 1]), "once", Image);
        yield return Refusal(new Pad([0, 0], [0, 0]), "counts", Image);
        yield return Refusal(new Pad([0, 0, -14, 0], [0, 0, 0, 0]), "would hold 0", Image);
        yield return Refusal(new Pad([0, 0, int.MaxValue, 0], [0, 0, int.MaxValue, 0]), "would hold", Image);
    }

    [TestCaseSource(nameof(Refused))]
    public void Infer_RefusesWithOneClearLine(Op op, string says, ImmutableArray<Shape> inputs)
    {
        VkInceptionException e = Assert.Throws<VkInceptionException>(() => op.Infer(inputs))!;
        Assert.That(e.Code, Is.EqualTo(ErrorCode.ShapeMismatch));
        Assert.That(e.Message, Does.Contain(says).And.Not.Contain("\n"));
    }

    [Test]
    public void Parameters_AreThoseOfTheReferenceCheckpoints()
    {
        OpSpec conv = new Conv2d(16, new Window(3, 5), Groups: 2).Infer([Image]);
        Assert.That(conv.Parameters.Select(p => $"{p.Suffix} {p.Shape} {p.Layout}"), Is.EqualTo(new[] { "weight 16×4×3×5 Filter", "bias 16 Plain" }));
        OpSpec norm = new BatchNorm2d().Infer([Image]);
        Assert.That(norm.Parameters.Select(p => $"{p.Suffix} {p.Trained}"), Is.EqualTo(new[] { "weight True", "bias True", "running_mean False", "running_var False" }));
    }

    [Test]
    public void MultiplyAdds_CountConvolutionsAndMatrixProducts()
    {
        // conv1/7x7_s2 of GoogLeNet: 112·112·64 outputs of 7·7·3 products each.
        Assert.That(Products(new Conv2d(64, Window.Square(7, 2, 3)), [1, 3, 224, 224]), Is.EqualTo(118_013_952));
        Assert.That(Products(new Linear(1000), [2, 1024]), Is.EqualTo(2_048_000));
        Assert.That(Products(new ReLU(), Image), Is.Zero);
    }

    [TestCase(new[] { 2, 8, 1, 1 }, new[] { 2, 8 }, true)]
    [TestCase(new[] { 2, 1, 3, 4 }, new[] { 2, 12 }, true)]
    [TestCase(new[] { 2, 8, 3, 4 }, new[] { 2, 8, 4, 3 }, true)]
    [TestCase(new[] { 2, 8, 3, 4 }, new[] { 2, 96 }, false)]
    [TestCase(new[] { 2, 8, 3, 4 }, new[] { 2, 4, 6, 4 }, false)]
    [TestCase(new[] { 6, 4 }, new[] { 2, 3, 4 }, true)]
    public void IsView_WhereTheOrderInMemoryIsTheSame(int[] from, int[] to, bool expected)
    {
        Shape target = Shape.Create(to);
        Assert.That(new Reshape(target).IsView(Shape.Create(from), target), Is.EqualTo(expected));
    }

    private static long Products(Op op, Shape input) => op.MultiplyAdds([input], op.Infer([input]).Outputs);

    private static TestCaseData Case(Op op, Shape expected, params Shape[] inputs)
        => new TestCaseData(op, expected, inputs.ToImmutableArray()).SetArgDisplayNames(op.ToString(), expected.ToString());

    private static TestCaseData Refusal(Op op, string says, params Shape[] inputs)
        => new TestCaseData(op, says, inputs.ToImmutableArray()).SetArgDisplayNames(op.ToString(), says, string.Join(',', inputs.AsEnumerable()));

    [TestCase(8, 3, 2, TestName = "PositionsOfMaxima_FourChannelsInAWord")]
    [TestCase(6, 3, 6, TestName = "PositionsOfMaxima_AWordEachWhereChannelsAreNotMultiplesOfFour")]
    [TestCase(8, 16, 8, TestName = "PositionsOfMaxima_AWordEachWhereAByteIsTooSmall")]
    public void PositionsOfMaxima(int channels, int kernel, int words)
        => Assert.That(new MaxPool2d(Window.Square(kernel)).Saved([[2, channels, 16, 16]]).Single().C, Is.EqualTo(words));
}
