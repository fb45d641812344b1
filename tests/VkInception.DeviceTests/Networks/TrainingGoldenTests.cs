using System.Text.Json;
using VkInception.Graph;
using VkInception.Graph.Training;
using VkInception.Training;

namespace VkInception.DeviceTests.Networks;

/// <summary>Three steps of SGD on a whole network against PyTorch in float64 (Golden/make_golden.py).</summary>
internal sealed class TrainingGoldenTests(DeviceUnderTest target) : DeviceFixture(target)
{
    private const ulong Seed = 2014;

    [Test]
    public void GoogLeNetLearnsAsTheReferenceDoes() => Learn("googlenet", Precision.Single, 2e-3, 2e-3);

    /// <summary>Losses to nine digits; gradients, which come out as floats, to six.</summary>
    [TestCase("googlenet")]
    [TestCase("googlenet-torchvision")]
    public void InDoublePrecisionNothingButRoundingIsLeft(string name)
    {
        Ops.DoublePrecisionTests.IgnoreWithoutDoubles(Device);
        Learn(name, Precision.Double, 1e-9, 1e-6);
    }

    private void Learn(string name, Precision precision, double tolerance, double gradientTolerance)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Path.Combine(TestContext.CurrentContext.TestDirectory, "Networks", "Golden", $"{name}.training.json")));
        JsonElement golden = document.RootElement;
        int size = golden.GetProperty("size").GetInt32();
        int[] labels = [.. golden.GetProperty("labels").EnumerateArray().Select(l => l.GetInt32())];
        double[] losses = [.. golden.GetProperty("losses").EnumerateArray().Select(l => l.GetDouble())];
        Optimizer optimizer = Optimizer.Parse("sgd", golden.GetProperty("momentum").GetSingle(), golden.GetProperty("decay").GetSingle());

        using Model model = Model.Load(name).WithWeights(new SeededWeights(Seed));
        using CompiledTraining training = model.CompileTraining(
            Device, new TrainingOptions { Batch = labels.Length, Height = size, Width = size, Dropout = false, Optimizer = optimizer, Precision = precision });
        float[] images = new SeededWeights(Seed).Uniform("input", labels.Length * 3 * size * size);
        var found = new List<double>();
        for (uint step = 0; step < losses.Length; step++)
        {
            StepResult result = training.Run(images, labels, new StepValues { Number = step, LossScale = 1, LearningRate = golden.GetProperty("rate").GetDouble() });
            found.Add(result.Loss);
            if (step == 0) AssertNorms(training.ReadGradients(), result.GradientNorm, golden.GetProperty("norms"), gradientTolerance);
        }
        TestContext.Out.WriteLine($"losses {string.Join(", ", found)}");
        foreach ((double loss, double expected) in found.Zip(losses)) Assert.That(loss, Is.EqualTo(expected).Within(100 * tolerance).Percent);
    }

    private static void AssertNorms(IReadOnlyDictionary<Parameter, float[]> gradients, float all, JsonElement norms, double tolerance)
    {
        Assert.That(all, Is.EqualTo(norms.GetProperty("all").GetDouble()).Within(100 * tolerance).Percent);
        foreach (JsonProperty norm in norms.EnumerateObject().Where(n => n.Name != "all"))
        {
            float[] gradient = gradients.Single(g => g.Key.Name == norm.Name).Value;
            Assert.That(Math.Sqrt(gradient.Sum(v => (double)v * v)), Is.EqualTo(norm.Value.GetDouble()).Within(100 * tolerance).Percent, norm.Name);
        }
    }
}
