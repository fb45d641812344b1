using VkInception.Graph.Training;
using VkInception.Training;
using VkInception.Weights;

namespace VkInception.DeviceTests.Training;

/// <summary>State taken off the device, through a file, and put back: as if training had never stopped.</summary>
internal sealed class ResumeTests(DeviceUnderTest target) : DeviceFixture(target)
{
    private const int Steps = 12;

    private string folder = "";

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("vkinception-resume-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [TestCase("sgd:momentum=0.9,nesterov=yes,weight-decay=0.001", false)]
    [TestCase("rmsprop:momentum=0.9", false)]
    [TestCase("adamw:weight-decay=0.01", true)]
    public void ARunGoesOnBitForBit(string optimizer, bool average)
    {
        TrainerOptions options = Options(optimizer, average);
        int stop = new Random(optimizer.Length).Next(1, Steps);
        TrainingState whole, interrupted;
        using (CompiledTraining training = Compile(options))
        {
            var position = new Position();
            Advance(training, options, position, stop);
            using var store = new CheckpointStore(folder);
            Assert.That(store.Save(StateExchange.Capture(training, Identity(options), position)).Problem, Is.Null);
            Advance(training, options, position, Steps);
            whole = StateExchange.Capture(training, Identity(options), position);
        }
        using (CompiledTraining training = Compile(options, new SeededWeights(99)))
        {
            var position = new Position();
            using var store = new CheckpointStore(folder);
            using (ResumePoint point = store.OpenLatest(Identity(options)).Point!) StateExchange.Restore(point, training, position);
            Assert.That((position.Step, position.Updates), Is.EqualTo(((long)stop, (long)stop)));
            Advance(training, options, position, Steps);
            interrupted = StateExchange.Capture(training, Identity(options), position);
        }
        AssertSame(whole.Weights, interrupted.Weights);
        Assert.That(interrupted.Optimizer.Keys, Is.EquivalentTo(whole.Optimizer.Keys).And.Not.Empty);
        foreach ((string name, IReadOnlyList<NamedTensor> tensors) in whole.Optimizer) AssertSame(tensors, interrupted.Optimizer[name]);
        AssertSame(whole.Ema, interrupted.Ema);
        Assert.That(whole.Ema, average ? Is.Not.Empty : Is.Empty);
    }

    [Test]
    public void AStateThatIsNotThisNetworksIsRefusedInOneLine()
    {
        TrainerOptions options = Options("sgd", average: false);
        using CompiledTraining training = Compile(options);
        TrainingState state = StateExchange.Capture(training, Identity(options), new Position());

        Refuses(state with { Weights = [.. state.Weights.Where(t => t.Name != "b3.bias")] }, ErrorCode.WeightMismatch, "has no weights of \"b3.bias\"");
        Refuses(state with { Weights = [.. state.Weights.Select(t => t.Name == "b3.bias" ? NamedTensor.FromFloat32(t.Name, [1], new float[1]) : t)] }, ErrorCode.WeightMismatch, "weights of \"b3.bias\" is 1, the network needs 6");
        Refuses(state with { Optimizer = new Dictionary<string, IReadOnlyList<NamedTensor>>() }, ErrorCode.WeightMismatch, "has no momentum of");
        Refuses(state with { Extra = new Dictionary<string, string>() }, ErrorCode.FileDamaged, "how many updates");

        void Refuses(TrainingState wrong, ErrorCode code, string message)
        {
            using var store = new CheckpointStore(folder);
            store.Save(wrong);
            using ResumePoint point = store.OpenLatest().Point!;
            Assert.That(() => StateExchange.Restore(point, training, new Position()), Fails(code, message));
        }
    }

    private CompiledTraining Compile(TrainerOptions options, IWeightSource? weights = null)
        => new SmallNetwork().Compile(Device, options.Step.Optimizer, options.Step.Average, weights: weights);

    private static void Advance(CompiledTraining training, TrainerOptions options, Position position, int until)
    {
        var settings = new StepSettings(options, 100);
        while (position.Step < until) position.Advance(training.Run(SmallNetwork.Images, SmallNetwork.Labels, settings.Next(position)), SmallNetwork.Batch, (0, 0));
    }

    private static TrainerOptions Options(string optimizer, bool average) => new()
    {
        Step = new TrainingOptions { Batch = SmallNetwork.Batch, Optimizer = Optimizer.Parse(optimizer), Average = average },
        Input = ImageInput.Torchvision,
        LearningRate = 0.01f,
        AverageDecay = average ? 0.9f : 0,
        Seed = 8,
    };

    private static RunIdentity Identity(TrainerOptions options) => new()
    {
        Model = "small",
        Classes = ["a", "b", "c", "d", "e"],
        Optimizer = options.Step.Optimizer!.ToString(),
        Schedule = "constant",
        Seed = options.Seed,
        DataFingerprint = "none",
        Input = options.Input,
    };

    private static void AssertSame(IReadOnlyList<NamedTensor> expected, IReadOnlyList<NamedTensor> actual)
    {
        Assert.That(actual.Select(t => t.Name), Is.EqualTo(expected.Select(t => t.Name)));
        foreach ((NamedTensor a, NamedTensor b) in expected.Zip(actual))
            Assert.That(b.ToFloat32().Select(BitConverter.SingleToUInt32Bits), Is.EqualTo(a.ToFloat32().Select(BitConverter.SingleToUInt32Bits)), a.Name);
    }
}
