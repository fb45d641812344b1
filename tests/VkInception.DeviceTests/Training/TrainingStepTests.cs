using VkInception.Graph;
using VkInception.Graph.Training;
using VkInception.Reference;
using VkInception.Training;

namespace VkInception.DeviceTests.Training;

/// <summary>A whole training step: losses and gradients against double precision, and the same bits whenever it is run.</summary>
[TestFixtureSource(typeof(DevicesUnderTest), nameof(DevicesUnderTest.AlsoAsDiscreteGpus))]
internal sealed class TrainingStepTests(DeviceUnderTest target) : DeviceFixture(target)
{
    private const int Sample = 6;

    private static StepValues Values(uint step, float rate = 0.05f) => new() { SeedLow = 3, SeedHigh = 1, Number = step, LossScale = 1, LearningRate = rate };

    [Test]
    public void LossAndEveryGradientAreTheReferences()
    {
        var network = new SmallNetwork();
        using CompiledTraining training = network.Compile(Device);
        StepValues step = Values(7) with { LossScale = 4 };
        StepResult result = training.Run(SmallNetwork.Images, SmallNetwork.Labels, step);

        Dictionary<Parameter, Values> parameters = network.ReferenceParameters();
        Assert.That(result.Loss, Is.EqualTo(network.Loss(parameters, step)).Within(1e-5));
        Assert.That((result.Losses.Length, result.Counted, result.Updated), Is.EqualTo((2, SmallNetwork.Batch, false)));
        IReadOnlyDictionary<Parameter, float[]> gradients = training.ReadGradients();
        Assert.That(gradients.Keys, Is.EquivalentTo(network.Training.Network.Parameters.Where(p => p.Trained)));
        var random = new Random(5);
        foreach ((Parameter parameter, float[] found) in gradients)
        {
            IEnumerable<int> elements = Enumerable.Range(0, Sample).Select(_ => random.Next(found.Length)).Append(Array.IndexOf(found, found.MaxBy(Math.Abs))).Distinct();
            double scale = Math.Max(1e-3, found.Max(Math.Abs) / 4);
            foreach ((int element, double derivative) in CentralDifferences.Of(() => network.Loss(parameters, step), parameters[parameter].Data, elements))
                Assert.That(found[element] / 4, Is.EqualTo(derivative).Within(1e-4 * scale), $"{parameter}, element {element}");
        }
    }

    [Test]
    public void WhatIsComputedAgainGivesTheSameBits()
    {
        var network = new SmallNetwork();
        using CompiledTraining kept = network.Compile(Device, Optimizer.Parse("sgd")), again = network.Compile(Device, Optimizer.Parse("sgd"), checkpointed: true);
        Assert.That(again.Plan.Execution.Steps.Count(s => s.Phase == VkInception.Graph.Planning.Phase.Recompute), Is.Positive);
        for (uint step = 0; step < 5; step++)
        {
            StepResult a = kept.Run(SmallNetwork.Images, SmallNetwork.Labels, Values(step)), b = again.Run(SmallNetwork.Images, SmallNetwork.Labels, Values(step));
            Assert.That(b.Losses, Is.EqualTo(a.Losses));
            AssertSame(kept.ReadGradients(), again.ReadGradients());
        }
        // Running statistics among them: recomputation must not move them twice.
        AssertSame(kept.ReadWeights(), again.ReadWeights());
    }

    [Test]
    public void TwoRunsWithOneSeedAreEqualBitForBit()
    {
        IReadOnlyDictionary<Parameter, float[]> first = Run(0), second = Run(0), other = Run(1);
        AssertSame(first, second);
        Assert.That(other.Any(w => !w.Value.SequenceEqual(first.First(f => f.Key.Name == w.Key.Name).Value)), Is.True, "another seed drops other elements");

        IReadOnlyDictionary<Parameter, float[]> Run(uint seed)
        {
            using CompiledTraining training = new SmallNetwork().Compile(Device, Optimizer.Parse("sgd"));
            for (uint step = 0; step < 20; step++) training.Run(SmallNetwork.Images, SmallNetwork.Labels, Values(step) with { SeedLow = seed });
            return training.ReadWeights();
        }
    }

    [Test]
    public void OneBatchIsLearntByHeart()
    {
        using CompiledTraining training = new SmallNetwork(dropout: false).Compile(Device, Optimizer.Parse("sgd"));
        StepResult first = training.Run(SmallNetwork.Images, SmallNetwork.Labels, Values(0)), last = first;
        for (uint step = 1; step < 120; step++) last = training.Run(SmallNetwork.Images, SmallNetwork.Labels, Values(step));
        Assert.Multiple(() =>
        {
            Assert.That(last.Correct, Is.EqualTo(SmallNetwork.Batch));
            // Smoothing leaves a floor under the loss.
            Assert.That(last.Losses[0], Is.LessThan(0.75f).And.LessThan(first.Losses[0]));
            Assert.That(last.Updated, Is.True);
        });
    }

    [Test]
    public void AnIgnoredLabelCountsForNothing()
    {
        using CompiledTraining training = new SmallNetwork(dropout: false).Compile(Device);
        StepResult result = training.Run(SmallNetwork.Images, [1, -100, 0], Values(0));
        Assert.That(result.Counted, Is.EqualTo(2));
        Assert.That(training.Run(SmallNetwork.Images, [-100, -100, -100], Values(0)).Loss, Is.Zero);
        Assert.That(training.ReadGradients().Values.SelectMany(g => g), Has.All.Zero);
    }

    [TestCase(new[] { 1, 5, 0 }, "label 5 of a batch is outside 0 to 4")]
    [TestCase(new[] { 1, -1, 0 }, "label -1")]
    [TestCase(new[] { 1, 2 }, "2 labels for a batch of 3")]
    public void LabelsOutOfRangeAreRefused(int[] labels, string message)
    {
        using CompiledTraining training = new SmallNetwork().Compile(Device);
        Assert.That(() => training.Run(SmallNetwork.Images, labels, Values(0)), Fails(ErrorCode.InvalidArgument, message));
        Assert.That(() => training.Run(SmallNetwork.Images.AsSpan(1), SmallNetwork.Labels, Values(0)), Fails(ErrorCode.InvalidArgument, "the batch has 1295 elements"));
    }

    [TestCase("aux_conv.weight")]
    [TestCase("bn2.bias")]
    public void NaNInAWeightIsFoundThere(string name)
    {
        using CompiledTraining training = new SmallNetwork().Compile(Device, Optimizer.Parse("sgd"), weights: new Damaged(name));
        Assert.That(training.Run(SmallNetwork.Images, SmallNetwork.Labels, Values(0)).Updated, Is.False);
        Assert.That(NonFinite.Locate(training), Does.Contain(name));
    }

    /// <summary>Finite weights and images whose product is beyond the largest float.</summary>
    [Test]
    public void AnOverflowIsFoundInItsLayer()
    {
        using CompiledTraining training = new SmallNetwork().Compile(Device, Optimizer.Parse("sgd"), weights: new Damaged("conv3.weight", 3e38f));
        IReadOnlyDictionary<Parameter, float[]> before = training.ReadWeights();
        Assert.That(training.Run(SmallNetwork.Images, SmallNetwork.Labels, Values(0)).Updated, Is.False);
        AssertSame(before.Where(w => w.Key.Trained).ToDictionary(), training.ReadWeights());
        Assert.That(NonFinite.Locate(training), Does.Contain("first appears in conv3 (Conv2d"));
    }

    [Test]
    public void NaNInAnImageIsFoundThere()
    {
        using CompiledTraining training = new SmallNetwork().Compile(Device, Optimizer.Parse("sgd"));
        float[] images = [.. SmallNetwork.Images];
        images[700] = float.NaN;
        Assert.That(training.Run(images, SmallNetwork.Labels, Values(0)).Updated, Is.False);
        Assert.That(NonFinite.Locate(training), Does.Contain("images hold NaN"));
    }

    private static void AssertSame(IReadOnlyDictionary<Parameter, float[]> expected, IReadOnlyDictionary<Parameter, float[]> actual)
    {
        var byName = actual.ToDictionary(a => a.Key.Name, a => a.Value);
        foreach ((Parameter parameter, float[] values) in expected)
            Assert.That(byName[parameter.Name].Select(BitConverter.SingleToUInt32Bits), Is.EqualTo(values.Select(BitConverter.SingleToUInt32Bits)), parameter.Name);
    }

    /// <summary>The seeded weights, one parameter of which is filled with a value.</summary>
    private sealed class Damaged(string name, float value = float.NaN) : IWeightSource
    {
        public bool Has(Parameter parameter) => SmallNetwork.Weights.Has(parameter);

        public ReadOnlyMemory<float> Read(Parameter parameter)
        {
            float[] values = SmallNetwork.Weights.Read(parameter).ToArray();
            if (parameter.Name == name) Array.Fill(values, value);
            return values;
        }
    }
}
