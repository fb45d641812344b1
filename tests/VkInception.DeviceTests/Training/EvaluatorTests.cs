using VkInception.Training;

namespace VkInception.DeviceTests.Training;

/// <summary>Counts of an evaluation against those by hand: the network under test passes its input through.</summary>
internal sealed class EvaluatorTests(DeviceUnderTest target) : DeviceFixture(target)
{
    private const int Classes = 7;

    private const string PassesThrough = """
        name: "through" input: "data" input_shape { dim: 1 dim: 7 dim: 1 dim: 1 }
        layer { name: "y" type: "ReLU" bottom: "data" top: "y" }
        """;

    private string folder = "";

    [SetUp]
    public void MakeFolder()
    {
        folder = Directory.CreateTempSubdirectory("vkinception-evaluator-").FullName;
        File.WriteAllText(Path.Combine(folder, "through.prototxt"), PassesThrough);
    }

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [Test]
    public void CountsAreThoseByHand()
    {
        // Right; wrong, the label second; the label sixth; a tie, of which the lower class is taken. The last batch is filled up.
        float[][] logits = [[0, 3, 1, 0, 0, 0, 0], [4, 0, 3, 0, 0, 0, 0], [7, 6, 5, 4, 3, 1, 0], [2, 2, 0, 0, 0, 0, 0], [9, 9, 9, 9, 9, 9, 9]];
        int[] labels = [1, 2, 5, 1];
        EvaluationResult found = Evaluate([.. logits.SelectMany(l => l)], labels, batch: 5, views: 1);

        double loss = labels.Select((label, n) => Math.Log(logits[n].Sum(v => Math.Exp(v))) - logits[n][label]).Average();
        Assert.Multiple(() =>
        {
            Assert.That((found.Images, found.Top1, found.Top5), Is.EqualTo((4, 0.25, 0.75)));
            Assert.That(found.Loss, Is.EqualTo(loss).Within(1e-5));
            Assert.That(Confused(found), Is.EquivalentTo(new[] { (1, 1, 1), (2, 0, 1), (5, 0, 1), (1, 0, 1) }));
            // The surest mistake first.
            Assert.That(found.Worst.Select(w => (w.Image, w.Label, w.Predicted)), Is.EqualTo(new[] { (1, 2, 0), (2, 5, 0), (3, 1, 0) }));
        });
    }

    [Test]
    public void ViewsAndMembersAreAveraged()
    {
        // One view is sure of class 0, the other two lean to class 1: the mean of the probabilities decides, not that of the logits.
        float[] logits = [2, 0, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0];
        EvaluationResult found = Evaluate(logits, [1], batch: 1, views: 3);
        double[] probability = [.. logits.Chunk(Classes).Select(l => Math.Exp(l[1]) / l.Sum(v => Math.Exp(v)))];

        Assert.That((found.Images, found.Top1), Is.EqualTo((1, 1.0)));
        Assert.That(found.Loss, Is.EqualTo(-Math.Log(probability.Average())).Within(1e-5));
    }

    [Test]
    public void AnotherNumberOfClassesIsRefused()
        => Assert.That(() => Evaluate(new float[Classes], [0], batch: 1, views: 1, classes: 4), Fails(ErrorCode.ShapeMismatch, "has 7 outputs, the data 4 classes"));

    [Test]
    public void SoManyClassesThatNoMatrixFitsAreEvaluatedWithoutOne()
    {
        const int Many = 60_000;
        var evaluation = new Evaluation(Many);
        evaluation.Add([.. Enumerable.Repeat(0f, Many - 1), 1f], Many - 1);
        EvaluationResult found = evaluation.Result();
        Assert.That((found.Images, found.Top1, found.Confusion.Length), Is.EqualTo((1, 1.0, 0)));
    }

    private EvaluationResult Evaluate(float[] logits, int[] labels, int batch, int views, int classes = Classes)
    {
        using Model model = Model.Load(Path.Combine(folder, "through.prototxt"));
        using CompiledModel compiled = model.Compile(Device, new CompileOptions { Batch = batch * views });
        using var batches = new TinyData.Batches([new ImageBatch(logits, labels, labels.Length)]);
        return Evaluator.Run([compiled], batches, classes, views);
    }

    private static IEnumerable<(int Label, int Predicted, int Count)> Confused(EvaluationResult found)
        => found.Confusion.Select((count, i) => (i / Classes, i % Classes, count)).Where(c => c.count > 0);
}
