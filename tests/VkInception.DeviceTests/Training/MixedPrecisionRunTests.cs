using VkInception.Graph;
using VkInception.Graph.Training;
using VkInception.Graph.Training.Initializers;
using VkInception.Graph.Training.Optimizers;
using VkInception.Training;

namespace VkInception.DeviceTests.Training;

/// <summary>A whole run in mixed precision: steps that overflow are skipped, and a resumed run keeps the scale.</summary>
internal sealed class MixedPrecisionRunTests(DeviceUnderTest target) : DeviceFixture(target)
{
    private const string Definition = """
        name: "tiny"
        input: "data" input_shape { dim: 1 dim: 3 dim: 8 dim: 8 }
        layer { name: "conv" type: "Convolution" bottom: "data" top: "conv" convolution_param { num_output: 8 kernel_size: 3 pad: 1 } }
        layer { name: "relu" type: "ReLU" bottom: "conv" top: "conv" }
        layer { name: "pool" type: "Pooling" bottom: "conv" top: "pool" pooling_param { pool: MAX kernel_size: 2 stride: 2 } }
        layer { name: "fc" type: "InnerProduct" bottom: "pool" top: "fc" inner_product_param { num_output: 4 } }
        layer { name: "prob" type: "Softmax" bottom: "fc" top: "prob" }
        """;

    private string folder = "";

    [SetUp]
    public void MakeFolder()
    {
        if (!Device.Info.Storage16Bit) Assert.Ignore($"{Device.Info.Name} has no half-precision storage");
        folder = Directory.CreateTempSubdirectory("vkinception").FullName;
        File.WriteAllText(Path.Combine(folder, "tiny.prototxt"), Definition);
    }

    [TearDown]
    public void DeleteFolder()
    {
        if (folder.Length > 0) Directory.Delete(folder, recursive: true);
    }

    [Test]
    public void An_overflow_is_skipped_and_a_resumed_run_keeps_the_scale()
    {
        var whole = new Watch();
        Dictionary<string, float[]> expected = Run("whole", false, whole, default);
        Assert.That(whole.Steps[0].LossScale, Is.EqualTo(LossScaler.Initial.Scale));
        Assert.That(whole.Steps[0].GradientNorm, Is.Null, "the first step did not overflow");
        Assert.That(whole.Steps[1].LossScale, Is.EqualTo(LossScaler.Initial.Scale / 2));
        Assert.That(whole.Steps[^1].GradientNorm, Is.Not.Null.And.GreaterThan(0), "the last step still overflows");
        Assert.That(whole.Steps.Select(s => s.Loss), Is.All.Matches<double>(double.IsFinite));

        using var stop = new CancellationTokenSource();
        var first = new Watch { StopAt = whole.Steps.Count - 2, Stop = stop };
        Run("parts", false, first, stop.Token);
        var rest = new Watch();
        Dictionary<string, float[]> resumed = Run("parts", true, rest, default);
        Assert.That(first.Steps.Concat(rest.Steps).Select(s => (s.Step, s.Loss, s.LossScale)), Is.EqualTo(whole.Steps.Select(s => (s.Step, s.Loss, s.LossScale))));
        foreach ((string name, float[] values) in expected) Assert.That(resumed[name], Is.EqualTo(values), name);
    }

    [Test]
    public void A_run_in_mixed_precision_does_not_go_on_in_single()
    {
        Run("run", false, new Watch(), default);
        Assert.That(() => Run("run", true, new Watch(), default, Precision.Single), Throws.TypeOf<VkInceptionException>().With.Message.Contains("precision"));
    }

    private Dictionary<string, float[]> Run(string name, bool resume, Watch watch, CancellationToken cancel, Precision precision = Precision.Mixed)
    {
        using Model model = Model.Load(Path.Combine(folder, "tiny.prototxt"));
        var data = new Data();
        var options = new TrainerOptions
        {
            Step = new TrainingOptions { Batch = Data.Batch, Optimizer = new Sgd(), Precision = precision },
            Input = model.ImageInput,
            Epochs = 12,
            LearningRate = 1e-6f,
            Resume = resume,
        };
        var run = new RunRecord(model.Name, data.Name, data.Classes, data.TrainingImages, 0, Device.Info.Name, Device.Info.DriverName, "test", 0);
        using var trainer = new Trainer(Device, model, new LargeClassifier(), data, options, run, Path.Combine(folder, name), watch);
        trainer.Run(cancel);
        return trainer.Training.ReadWeights().ToDictionary(w => w.Key.Name, w => w.Value);
    }

    /// <summary>So large that gradients overflow under the first loss scales.</summary>
    private sealed class LargeClassifier : IWeightSource
    {
        private readonly InitialWeights weights = new(Initializer.Default, 1);

        public bool Has(Parameter parameter) => weights.Has(parameter);

        public ReadOnlyMemory<float> Read(Parameter parameter)
            => parameter.Name == "fc.weight" ? weights.Read(parameter).ToArray().Select(w => 100 * w).ToArray() : weights.Read(parameter);
    }

    private sealed class Watch : ITrainingObserver
    {
        public List<StepRecord> Steps { get; } = [];

        public int StopAt { get; init; }

        public CancellationTokenSource? Stop { get; init; }

        public void Started(RunRecord run, long step, long totalSteps)
        {
        }

        public void StepDone(StepRecord step, long totalSteps)
        {
            Steps.Add(step);
            if (Steps.Count == StopAt) Stop?.Cancel();
        }

        public void Evaluating(int done, int total)
        {
        }

        public void EpochDone(EpochRecord epoch)
        {
        }

        public void Notice(string text) => Assert.Fail(text);
    }

    private sealed class Data : ITrainingData
    {
        public const int Batch = 2;

        public string Name => "noise";

        public IReadOnlyList<string> Classes => ["a", "b", "c", "d"];

        public string Fingerprint => "noise";

        public int TrainingImages => 4;

        public int EvaluationImages => 0;

        public IBatchStream Train(int batch, int epoch, int first) => new Stream(first);

        public IBatchStream Evaluate(int batch) => throw new InvalidOperationException("there are no images to evaluate on");

        public string NameOf(int evaluationImage) => "";

        public Picture? Thumbnail(int evaluationImage) => null;
    }

    private sealed class Stream(int first) : IBatchStream
    {
        private int next = first;

        public TimeSpan Waited => TimeSpan.Zero;

        public ImageBatch? Next(CancellationToken cancel)
        {
            if (next == 2) return null;
            var random = new Random(next++);
            float[] images = [.. Enumerable.Range(0, Data.Batch * 3 * 8 * 8).Select(_ => random.NextSingle() - 0.5f)];
            return new ImageBatch(images, new[] { next % 4, (next + 1) % 4 }, Data.Batch);
        }

        public void Dispose()
        {
        }
    }
}
