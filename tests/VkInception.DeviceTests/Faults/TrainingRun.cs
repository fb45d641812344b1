using VkInception.DeviceTests.Training;
using VkInception.Graph.Training.Initializers;
using VkInception.Training;
using VkInception.Vulkan;

namespace VkInception.DeviceTests.Faults;

/// <summary>A small program that trains: two epochs of three steps, a checkpoint every second step, evaluation. Knows how to go on where it was left.</summary>
internal sealed class TrainingRun(string selector, string cacheFolder, string folder) : ITrainingObserver
{
    private const int Epochs = 2;
    private const int CheckpointSteps = 2;

    /// <summary>What the validation layer said, to the end of the device.</summary>
    public IReadOnlyList<string> Messages { get; private set; } = [];

    /// <summary>What the run told.</summary>
    public List<string> Notices { get; } = [];

    /// <summary>The step that the run began at.</summary>
    public long FirstStep { get; private set; } = -1;

    /// <summary>The furthest step that was done.</summary>
    public long LastStep { get; private set; }

    /// <summary>The newest checkpoint in the folder; 0 for none.</summary>
    public long NewestCheckpoint => Directory.GetFiles(folder, "checkpoint-*.safetensors").Select(f => long.Parse(Path.GetFileNameWithoutExtension(f)["checkpoint-".Length..], null)).DefaultIfEmpty().Max();

    /// <summary>The bytes of the trained weights.</summary>
    public byte[] Run(bool resume = false)
    {
        GpuDevice device = GpuDevice.Open(selector, new DeviceOptions { Validation = true, CacheFolder = cacheFolder });
        try
        {
            using Model model = Model.Load(NetworkIn(folder));
            var data = new TinyData();
            var record = new RunRecord(model.Name, data.Name, data.Classes, data.TrainingImages, data.EvaluationImages, device.Info.Name, "", "", 3);
            using var trainer = new Trainer(device, model, new InitialWeights(Initializer.Default, 3), data, Options with { Resume = resume }, record, folder, this);
            TrainingOutcome outcome = trainer.Run();
            Assert.That((outcome.Finished, outcome.IsSaved), Is.EqualTo((true, true)));
            return File.ReadAllBytes(Path.Combine(folder, CheckpointStore.FinalName));
        }
        finally
        {
            device.Dispose();
            Messages = device.ValidationMessages;
        }
    }

    void ITrainingObserver.Started(RunRecord run, long step, long totalSteps)
    {
        if (FirstStep < 0) FirstStep = step;
    }

    void ITrainingObserver.StepDone(StepRecord step, long totalSteps) => LastStep = Math.Max(LastStep, step.Step);

    void ITrainingObserver.Evaluating(int done, int total)
    {
    }

    void ITrainingObserver.EpochDone(EpochRecord epoch)
    {
    }

    void ITrainingObserver.Notice(string text) => Notices.Add(text);

    private static TrainerOptions Options { get; } = TinyData.Options with { Epochs = Epochs, CheckpointSteps = CheckpointSteps };

    private static string NetworkIn(string folder)
    {
        string path = Path.Combine(folder, "tiny.prototxt");
        if (!File.Exists(path)) File.WriteAllText(path, TinyData.Prototxt);
        return path;
    }
}
