using VkInception.Graph;
using VkInception.Graph.Ops;
using VkInception.Graph.Training;
using VkInception.Graph.Training.Initializers;
using VkInception.Graph.Training.Optimizers;
using VkInception.Kernels;
using VkInception.Training;

namespace VkInception.DeviceTests.Training;

/// <summary>A network trained in mixed precision, beside the same in single precision.</summary>
internal sealed class MixedPrecisionTests(DeviceUnderTest target) : DeviceFixture(target)
{
    private const int Batch = 8, Classes = 5, Steps = 8;

    private static readonly InitialWeights Weights = new(Initializer.Default, 3);

    [SetUp]
    public void NeedsHalfStorage()
    {
        if (!Device.Info.Storage16Bit) Assert.Ignore($"{Device.Info.Name} has no half-precision storage");
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Losses_stay_within_five_percent_of_single_precision(bool recomputed)
    {
        double[] single = Losses(Precision.Single, recomputed), mixed = Losses(Precision.Mixed, recomputed);
        Assert.That(mixed, Is.EqualTo(single).Within(5).Percent);
        Assert.That(mixed, Is.Not.EqualTo(single), "both precisions gave the same bits");
        Assert.That(mixed[^1], Is.LessThan(0.8 * mixed[0]), "nothing was learned");
    }

    [Test]
    public void Steps_by_cooperative_matrices_learn_alike()
    {
        DeviceTraits traits = DeviceTraits.Of(Device.Info);
        if (traits.HalfMatrix is null) Assert.Ignore($"{Device.Info.Name} has no cooperative matrices of halves with float sums");
        TrainingPlan plan = Plan(Precision.Mixed, false, new ConvolutionKernels(traits, "coopmat-16x16"));
        Assert.That(plan.Execution.Steps.Select(s => s.Kernel), Has.Some.EqualTo("coopmat-16x16").And.Some.EqualTo("data-coopmat-16x16").And.Some.EqualTo("filter-coopmat-16x16"));
        double[] losses = Losses(Precision.Mixed, false, plan);
        Assert.That(losses, Is.EqualTo(Losses(Precision.Mixed, false)).Within(1).Percent);
        Assert.That(losses, Is.EqualTo(Losses(Precision.Mixed, false, plan)), "the same bits again");
    }

    [Test]
    public void The_same_steps_give_the_same_bits()
    {
        double[] first = Losses(Precision.Mixed, false), second = Losses(Precision.Mixed, false);
        Assert.That(second, Is.EqualTo(first));
    }

    [Test]
    public void Gradients_agree_with_single_precision()
    {
        Dictionary<string, float[]> single = Gradients(Precision.Single, 1), mixed = Gradients(Precision.Mixed, 1024);
        foreach ((string name, float[] expected) in single)
        {
            double difference = Math.Sqrt(expected.Zip(mixed[name], (a, b) => Math.Pow(a - (b / 1024), 2)).Sum()), norm = Math.Sqrt(expected.Sum(v => (double)v * v));
            Assert.That(difference, Is.LessThan(0.03 * norm), name);
        }
    }

    [Test]
    public void Activations_take_half_the_memory_and_weights_a_copy()
    {
        TrainingPlan single = Plan(Precision.Single, false), mixed = Plan(Precision.Mixed, false);
        Assert.That(mixed.Execution.ArenaBytes, Is.LessThan(0.75 * single.Execution.ArenaBytes));
        Assert.That(mixed.Residents.Sum(r => r.Bytes) - single.Residents.Sum(r => r.Bytes), Is.EqualTo(single.Parameters.Weights.Bytes / 2));
    }

    [Test]
    public void An_overflow_changes_no_weight_and_a_smaller_scale_none_is_lost()
    {
        using CompiledTraining training = Compile(Plan(Precision.Mixed, false));
        (float[] x, int[] y) = Batch8();
        var before = training.ReadWeights().Where(w => w.Key.Trained).ToDictionary(w => w.Key.Name, w => w.Value);
        StepResult overflow = training.Run(x, y, new StepValues { LossScale = LossScaler.Largest, LearningRate = 0.05f });
        Assert.That(overflow.Updated, Is.False);
        Assert.That(overflow.IsOverflow(LossScaler.Initial), Is.True);
        Assert.That(overflow.IsOverflow(new LossScaler(LossScaler.Smallest, 0)), Is.False);
        Assert.That(overflow.IsOverflow(null), Is.False);
        foreach ((Parameter parameter, float[] values) in training.ReadWeights().Where(w => w.Key.Trained)) Assert.That(values, Is.EqualTo(before[parameter.Name]), parameter.Name);
        StepResult good = training.Run(x, y, new StepValues { LossScale = 1024, LearningRate = 0.05f });
        Assert.That(good.Updated, Is.True);
        Assert.That(good.Loss, Is.EqualTo(overflow.Loss));
    }

    private double[] Losses(Precision precision, bool recomputed, TrainingPlan? plan = null)
    {
        using CompiledTraining training = Compile(plan ?? Plan(precision, recomputed));
        (float[] x, int[] y) = Batch8();
        var losses = new List<double>();
        for (int step = 0; step < Steps; step++)
        {
            StepResult result = training.Run(x, y, new StepValues { LossScale = precision == Precision.Mixed ? 1024 : 1, LearningRate = 0.05f });
            Assert.That(result.Updated, Is.True, $"step {step}");
            losses.Add(result.Loss);
        }
        return [.. losses];
    }

    private Dictionary<string, float[]> Gradients(Precision precision, float scale)
    {
        using CompiledTraining training = Compile(Plan(precision, false));
        (float[] x, int[] y) = Batch8();
        Assert.That(training.Run(x, y, new StepValues { LossScale = scale }).Updated, Is.True);
        return training.ReadGradients().ToDictionary(g => g.Key.Name, g => g.Value);
    }

    private TrainingPlan Plan(Precision precision, bool recomputed, ConvolutionKernels? kernels = null)
        => TrainingPlanner.Plan(
            TrainingNetwork.Create(Network(), new LossOptions { Dropout = false }), kernels ?? new ConvolutionKernels(DeviceTraits.Of(Device.Info)),
            new TrainingPlanOptions { Optimizer = new Sgd { WeightDecay = 1e-4f }, Precision = precision, CheckpointActivations = recomputed });

    private CompiledTraining Compile(TrainingPlan plan) => new(Device, plan, Weights, [.. Enumerable.Repeat(1f, (int)plan.Update!.Multipliers.Elements)]);

    private static (float[] X, int[] Y) Batch8()
    {
        var random = new Random(1);
        return ([.. Enumerable.Range(0, Batch * 3 * 21 * 21).Select(_ => random.NextSingle() * 4 - 2)], [.. Enumerable.Range(0, Batch).Select(i => i % Classes)]);
    }

    /// <summary>What GoogLeNet and its relatives are made of: stem, pools, LRN, batch norm, a module of four branches, a residual, a mean at the end; odd channels too.</summary>
    private static Network Network()
    {
        var b = new NetworkBuilder("small");
        Tensor x = b.Input("data", [Batch, 3, 21, 21]);
        x = b.Add("relu1", new ReLU(), b.Add("conv1", new Conv2d(16, Window.Square(5, 2, 2)), x));
        x = b.Add("norm1", new LocalResponseNorm(), b.Add("pool1", new MaxPool2d(Window.Square(3, 2), CeilMode: true), x));
        Tensor one = b.Add("1x1", new Conv2d(8, Window.Square(1)), x);
        Tensor three = b.Add("3x3", new Conv2d(12, Window.Square(3, 1, 1)), b.Add("3x3_bn", new BatchNorm2d(), b.Add("3x3_reduce", new Conv2d(8, Window.Square(1), Bias: false), x)));
        Tensor five = b.Add("5x5", new Conv2d(5, Window.Square(5, 1, 2)), b.Add("5x5_reduce", new Conv2d(4, Window.Square(1)), x));
        Tensor pool = b.Add("pool_proj", new Conv2d(4, Window.Square(1)), b.Add("pool", new MaxPool2d(Window.Square(3, 1, 1)), x));
        x = b.Add("module", new Concat(1), one, b.Add("3x3_relu", new ReLU(), three), five, pool);
        x = b.Add("sum", new Add(), x, b.Add("residual", new Conv2d(29, Window.Square(3, 1, 1), Bias: false), x));
        x = b.Add("flat", new Flatten(), b.Add("mean", new GlobalAvgPool2d(), b.Add("bn2_relu", new ReLU(), b.Add("bn2", new BatchNorm2d(), x))));
        return b.Build(b.Add("classifier", new Linear(Classes), x));
    }
}
