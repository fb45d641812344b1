using Silk.NET.Vulkan;
using VkInception.DeviceTests.Vulkan;
using VkInception.Graph.Training.Initializers;
using VkInception.Training;
using VkInception.Vulkan;

namespace VkInception.DeviceTests.Training;

/// <summary>Whole runs on a few small images: interruption, resumption, and what goes wrong.</summary>
internal sealed class TrainerTests(DeviceUnderTest target) : DeviceFixture(target)
{
    private const int StepsPerEpoch = 3;
    private const int Epochs = 4;

    private string folder = "";

    [SetUp]
    public void MakeFolder()
    {
        folder = Directory.CreateTempSubdirectory("vkinception-trainer-").FullName;
        File.WriteAllText(PathOf("tiny.prototxt"), TinyData.Prototxt);
    }

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [TestCase(1)]
    [TestCase(5)]
    [TestCase(StepsPerEpoch)]
    [TestCase(2 * StepsPerEpoch, true)]
    public void AnInterruptedRunEndsInTheSameBits(int stop, bool duringEvaluation = false)
    {
        Assert.That(Run("whole").Finished, Is.True);

        using var cancel = new CancellationTokenSource();
        var observer = new Observer();
        if (duringEvaluation) observer.OnEvaluating = step => Cancel(step == stop);
        else observer.OnStep = step => Cancel(step == stop);
        TrainingOutcome interrupted = Run("stopped", observer: observer, cancel: cancel.Token);
        Assert.That((interrupted.Finished, interrupted.Steps, interrupted.IsSaved), Is.EqualTo((false, (long)stop, true)));
        TrainingOutcome resumed = Run("stopped", Options with { Resume = true });

        Assert.That((resumed.Finished, resumed.Steps), Is.EqualTo((true, (long)StepsPerEpoch * Epochs)));
        foreach (string file in (string[])[CheckpointStore.FinalName, CheckpointStore.BestName])
            Assert.That(File.ReadAllBytes(PathOf($"stopped/{file}")), Is.EqualTo(File.ReadAllBytes(PathOf($"whole/{file}"))), file);
        Assert.That(observer.Notices, Is.Empty);

        void Cancel(bool now)
        {
            if (now) cancel.Cancel();
        }
    }

    [Test]
    public void TheNewestCheckpointDamagedTheOneBeforeServes()
    {
        Run("whole");
        Run("damaged", Options with { Epochs = 2, CheckpointSteps = 2 });
        string newest = Directory.GetFiles(PathOf("damaged"), "checkpoint-*.safetensors").Order().Last();
        using (FileStream file = File.OpenWrite(newest)) file.SetLength(file.Length / 2);
        var observer = new Observer();
        Run("damaged", Options with { Resume = true, CheckpointSteps = 2 }, observer: observer);

        Assert.That(observer.Notices, Has.Count.EqualTo(1).And.All.Contains(Path.GetFileName(newest)).And.All.Contains("passed over"));
        Assert.That(observer.FirstStep, Is.EqualTo(4), "the epoch's checkpoint was the damaged one");
        Assert.That(File.ReadAllBytes(PathOf("damaged/final.safetensors")), Is.EqualTo(File.ReadAllBytes(PathOf("whole/final.safetensors"))));
    }

    [Test]
    public void NaNStopsWithStepLayerAndLastGoodCheckpoint()
    {
        var error = Assert.Throws<VkInceptionException>(() => Run("run", data: new TinyData { NaNFrom = 5 }));
        Assert.That(error!.Code, Is.EqualTo(ErrorCode.Diverged));
        Assert.That(error.Message, Does.StartWith("step 5: the batch's images hold NaN").And.Contain("checkpoint-000000003.safetensors").And.Not.Contain("\n"));

        error = Assert.Throws<VkInceptionException>(() => Run("fast", Options with { LearningRate = 1e30f }));
        Assert.That(error!.Code, Is.EqualTo(ErrorCode.Diverged));
        Assert.That(error.Message, Does.Match("^step [2-4]: .*(conv1|fc)").And.Contain("lower learning rate"));
    }

    [TestCase(2, 1)]
    [TestCase(StepsPerEpoch + 3, StepsPerEpoch + 2)]
    public void AnImageThatCannotBeReadLosesNoStep(int batch, int saved)
    {
        Run("whole");
        Assert.That(() => Run("run", data: new TinyData { UnreadableFrom = batch }), Fails(ErrorCode.FileDamaged, "photo.jpg"));
        var observer = new Observer();
        Run("run", Options with { Resume = true }, observer: observer);

        Assert.That(observer.FirstStep, Is.EqualTo(saved));
        Assert.That(File.ReadAllBytes(PathOf("run/final.safetensors")), Is.EqualTo(File.ReadAllBytes(PathOf("whole/final.safetensors"))));
    }

    [Test]
    public void CheckpointsAreWrittenByTimeToo()
    {
        Run("whole");
        Run("timed", Options with { CheckpointInterval = TimeSpan.FromTicks(1), KeepCheckpoints = 100 });
        Assert.That(Directory.GetFiles(PathOf("timed"), "checkpoint-*"), Has.Length.EqualTo(StepsPerEpoch * Epochs), "every step takes longer than that");
        Assert.That(Directory.GetFiles(PathOf("whole"), "checkpoint-*"), Has.Length.EqualTo(3), "by default none within these milliseconds");
        Assert.That(File.ReadAllBytes(PathOf("timed/final.safetensors")), Is.EqualTo(File.ReadAllBytes(PathOf("whole/final.safetensors"))));
    }

    [Test]
    public void WhatCannotBeginSaysWhy()
    {
        Assert.That(() => Run("big", Options with { Step = Options.Step with { Batch = 13 } }), Fails(ErrorCode.InvalidArgument, "at most 12"));
        Assert.That(PathOf("big"), Does.Not.Exist);
        Run("run", Options with { Epochs = 1 });
        Assert.That(() => Run("run"), Fails(ErrorCode.InvalidArgument, "--resume"));
        Assert.That(() => Run("run", Options with { Resume = true, LearningRate = 0.5f }), Fails(ErrorCode.WeightMismatch, "learning rate"));
        var observer = new Observer();
        Run("empty", Options with { Resume = true, Epochs = 1 }, observer: observer);
        Assert.That(observer.Notices, Has.Count.EqualTo(1).And.All.Contains("begins anew"));
    }

    [Test]
    public void WhereMemoryIsShortTheBatchThatFitsIsNamed()
    {
        bool full = false;
        using var driver = new FaultyDriver();
        driver.Replace<FaultyDriver.AllocateMemory>("vkAllocateMemory", real => (device, info, allocator, memory) => full ? Result.ErrorOutOfDeviceMemory : real(device, info, allocator, memory));
        using GpuDevice device = OpenAnew();
        full = true;
        using Model model = Model.Load(PathOf("tiny.prototxt"));
        Assert.That(() => model.CompileTraining(device, Options.Step, Initial), Fails(ErrorCode.OutOfDeviceMemory, "a batch of 2 fits, or the whole batch with --checkpoint-activations"));
        Assert.That(() => model.CompileTraining(device, Options.Step with { Batch = 1 }, Initial), Fails(ErrorCode.OutOfDeviceMemory, "not even one image fits"));
    }

    private static InitialWeights Initial { get; } = new(Initializer.Default, 3);

    private static TrainerOptions Options { get; } = TinyData.Options with { Epochs = Epochs };

    private string PathOf(string name) => Path.Combine(folder, name);

    private TrainingOutcome Run(string name, TrainerOptions? options = null, TinyData? data = null, Observer? observer = null, CancellationToken cancel = default)
    {
        using Model model = Model.Load(PathOf("tiny.prototxt"));
        data ??= new TinyData();
        var record = new RunRecord(model.Name, data.Name, data.Classes, data.TrainingImages, data.EvaluationImages, Device.Info.Name, "", "", 3);
        using var trainer = new Trainer(Device, model, Initial, data, options ?? Options, record, PathOf(name), observer ?? new Observer());
        return trainer.Run(cancel);
    }

    /// <summary>Keeps notices, and calls back.</summary>
    private sealed class Observer : ITrainingObserver
    {
        private long last;

        public List<string> Notices { get; } = [];

        public long FirstStep { get; private set; }

        public Action<long> OnStep { get; set; } = _ => { };

        public Action<long> OnEvaluating { get; set; } = _ => { };

        public void Started(RunRecord run, long step, long totalSteps) => FirstStep = step;

        public void StepDone(StepRecord step, long totalSteps) => OnStep(last = step.Step);

        public void Evaluating(int done, int total) => OnEvaluating(last);

        public void EpochDone(EpochRecord epoch)
        {
        }

        public void Notice(string text) => Notices.Add(text);
    }
}
