using System.Collections.Immutable;
using VkInception.Graph;
using VkInception.Graph.Training;
using VkInception.Graph.Training.Optimizers;
using VkInception.Reference;

namespace VkInception.DeviceTests.Training;

/// <summary>Every optimizer over several steps of random gradients against its double-precision reference: loss scale, clipping, multipliers, moving average, skipped steps.</summary>
[TestFixtureSource(typeof(DevicesUnderTest), nameof(DevicesUnderTest.AlsoAsDiscreteGpus))]
internal sealed class OptimizerTests(DeviceUnderTest target) : DeviceFixture(target)
{
    private const int Steps = 12;
    private const int Granules = 37;
    private const int Count = Granules * ParameterSpace.Granule;

    private static readonly Optimizer[] optimizers =
    [
        new Sgd { Momentum = 0 },
        new Sgd { Momentum = 0, WeightDecay = 0.1f },
        new Sgd { WeightDecay = 0.05f },
        new Sgd { WeightDecay = 0.05f, Nesterov = true },
        new Sgd { WeightDecay = 0.05f, IsCaffe = true },
        new Sgd { WeightDecay = 0.05f, IsCaffe = true, Nesterov = true },
        new RmsProp { WeightDecay = 0.05f },
        new RmsProp { WeightDecay = 0.05f, IsTensorFlow = false },
        new RmsProp { Momentum = 0, Epsilon = 1e-3f },
        new RmsProp { Momentum = 0, Epsilon = 1e-3f, IsTensorFlow = false },
        new Adam { WeightDecay = 0.05f },
        new Adam { WeightDecay = 0.05f, IsDecoupled = true },
        new Adam { Beta1 = 0.5f, Beta2 = 0.9f, Epsilon = 1e-3f },
    ];

    [Test]
    public void UpdatesFollowTheFormula([ValueSource(nameof(optimizers))] Optimizer optimizer, [Values] bool averaged, [Values(0f, 0.5f)] float clip)
    {
        var random = new Random(5);
        float[] weights = Random(random, Count), multipliers = [.. Enumerable.Range(0, 2 * Granules).Select(i => (float)((i * 7 % 5) * 0.5))];
        var run = new LaunchRun(Device);
        TensorView step = run.Place(default(StepValues));
        var t = new OptimizerTensors(
            run.Place("weights", weights), run.Place("gradients", new float[Count]), [.. optimizer.States.Select(s => run.Place(s, new float[Count]))],
            averaged ? run.Place("average", [.. weights]) : null, run.Place("multipliers", multipliers), step, run.Place("control", new float[4]));
        var expected = new Expected(optimizer, weights, multipliers);

        for (int i = 0; i < Steps; i++)
        {
            float[] gradients = Random(random, Count);
            bool spoiled = i is 0 or 5;
            // The rate falls on the way: only then do Caffe's and PyTorch's momentum differ.
            StepValues values = optimizer.Prepare(new StepValues { LossScale = 4, ClipNorm = clip, LearningRate = i < 7 ? 0.1f : 0.01f, AverageDecay = Optimizer.AverageDecay(0.9f, expected.Updates + 1) }, expected.Updates + 1);
            if (!spoiled) expected.Update(gradients, values);
            for (int j = 0; j < Count; j++) run.Of(t.Gradients)[j] = gradients[j] * (float)values.LossScale;
            if (spoiled) run.Of(t.Gradients)[random.Next(Count)] = i == 0 ? float.NaN : float.NegativeInfinity;
            run.Set(step, values);
            run.Run([.. GradientNorm.Launches(t.Gradients, step, t.Control), .. optimizer.Update(t)]);
        }

        Compare("weights", run.Of(t.Weights), expected.Weights);
        for (int s = 0; s < t.States.Length; s++) Compare(optimizer.States[s], run.Of(t.States[s]), expected.States[s]);
        if (t.Average is { } average) Compare("average", run.Of(average), expected.Average);
    }

    [Test]
    public void WhereGradientsAndWeightsAreZeroNothingMoves([ValueSource(nameof(optimizers))] Optimizer optimizer)
    {
        var run = new LaunchRun(Device);
        float[] Zeros() => new float[ParameterSpace.Granule];
        StepValues values = optimizer.Prepare(new StepValues { LossScale = 1, LearningRate = 1, AverageDecay = 0.5f }, 1);
        var t = new OptimizerTensors(
            run.Place("weights", Zeros()), run.Place("gradients", Zeros()), [.. optimizer.States.Select(s => run.Place(s, Zeros()))], run.Place("average", Zeros()),
            run.Place("multipliers", [1, 1]), run.Place(values), run.Place("control", new float[4]));
        for (int i = 0; i < 3; i++) run.Run([.. GradientNorm.Launches(t.Gradients, t.Step, t.Control), .. optimizer.Update(t)]);

        foreach (TensorView view in ImmutableArray.Create(t.Weights, t.Average!)) Assert.That(run.Of(view), Is.All.Zero, view.Storage.Name);
    }

    private static float[] Random(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (float)(2 * random.NextDouble() - 1))];

    private static void Compare(string what, float[] found, double[] expected)
    {
        for (int i = 0; i < found.Length; i++)
            // Adam divides by the gradient itself: where it is nearly nothing beside the weight decay, its rounding shows.
            if (!(Math.Abs(found[i] - expected[i]) <= 1e-5 * Math.Max(Math.Abs(expected[i]), 0.5)))
                Assert.Fail($"{what}: element {i} is {found[i]:g9}, {expected[i]:g9} is expected");
    }

    /// <summary>The same run in double precision.</summary>
    private sealed class Expected(Optimizer optimizer, float[] weights, float[] multipliers)
    {
        public double[] Weights { get; } = [.. weights.Select(w => (double)w)];

        public double[] Average { get; } = [.. weights.Select(w => (double)w)];

        public double[][] States { get; } = [.. optimizer.States.Select(_ => new double[weights.Length])];

        public int Updates { get; private set; }

        public void Update(float[] gradients, StepValues values)
        {
            Updates++;
            double norm = Math.Sqrt(gradients.Sum(g => (double)g * g));
            double factor = values.ClipNorm > 0 ? Math.Min(1, values.ClipNorm / norm) : 1;
            var state = new double[States.Length];
            for (int i = 0; i < gradients.Length; i++)
            {
                int granule = i / ParameterSpace.Granule;
                for (int s = 0; s < state.Length; s++) state[s] = States[s][i];
                Weights[i] = OptimizerReferences.Update(
                    optimizer, Weights[i], factor * gradients[i], state, values.LearningRate * multipliers[2 * granule], optimizer.WeightDecay * multipliers[2 * granule + 1], Updates);
                for (int s = 0; s < state.Length; s++) States[s][i] = state[s];
                Average[i] = values.AverageDecay * Average[i] + (1.0 - values.AverageDecay) * Weights[i];
            }
        }
    }
}
