using VkInception.Graph.Training;
using VkInception.Training;
using VkInception.Vulkan;

namespace VkInception.Soak;

/// <summary>The three kinds of work that must not make anything grow.</summary>
public static class Soaking
{
    private const int Samples = 24;
    private const int Batch = 8;
    private const int Pixels = 32 * 32;
    private const long Allowance = 4 << 20;

    /// <summary>Runs a network again and again, waiting for one half of the runs and awaiting the other.</summary>
    /// <exception cref="VkInceptionException">Vulkan's errors; <see cref="ErrorCode.Diverged"/> where a run gives other results than the first.</exception>
    public static Curve Inference(string device, int runs)
    {
        using GpuDevice gpu = Open(device);
        using Model model = Load();
        using CompiledModel compiled = model.Compile(gpu);
        float[] x = Images(1), first = compiled.Run(x), y = new float[first.Length];
        return Watch("inference", runs, gpu, Allowance, round =>
        {
            if (round % 2 == 0) compiled.Run(x, y);
            else y = compiled.RunAsync(x).GetAwaiter().GetResult();
            if (!y.AsSpan().SequenceEqual(first)) throw new VkInceptionException(ErrorCode.Diverged, $"run {round + 1} gives other results than the first");
        });
    }

    /// <summary>Trains, and takes the weights off the device now and then, as checkpoints and evaluations do.</summary>
    /// <exception cref="VkInceptionException">Vulkan's errors.</exception>
    public static Curve Training(string device, int steps)
    {
        const int stepsPerSnapshot = 25;
        using GpuDevice gpu = Open(device);
        using Model model = Load();
        using CompiledTraining training = model.CompileTraining(gpu, new TrainingOptions { Batch = Batch, Optimizer = Optimizer.Parse("sgd:momentum=0.9") });
        float[] x = Images(Batch);
        int[] labels = [.. Enumerable.Range(0, Batch)];
        return Watch("training steps", steps, gpu, Allowance, round =>
        {
            training.Run(x, labels, new StepValues { Number = (uint)round, LearningRate = 1e-4f });
            if (round % stepsPerSnapshot == 0) training.ReadWeights();
        });
    }

    /// <summary>Opens a device, compiles, runs, and disposes of everything, the device first or last.</summary>
    /// <exception cref="VkInceptionException">Vulkan's errors.</exception>
    public static Curve Cycles(string device, int cycles) => Watch("devices and models", cycles, null, Allowance + cycles * 1024L, round =>
    {
        GpuDevice gpu = Open(device);
        Model model = Load();
        CompiledModel compiled = model.Compile(gpu);
        compiled.Run(Images(1));
        IDisposable[] all = round % 2 == 0 ? [compiled, model, gpu] : [gpu, model, compiled];
        foreach (IDisposable one in all) one.Dispose();
    });

    private static Curve Watch(string work, int rounds, GpuDevice? device, long allowance, Action<int> round)
    {
        var samples = new List<Sample>();
        int every = Math.Max(1, rounds / Samples);
        for (int i = 0; i < rounds; i++)
        {
            round(i);
            if ((i + 1) % every == 0) samples.Add(Sample.Take(i + 1, device));
        }
        return new Curve(work, samples, allowance);
    }

    private static GpuDevice Open(string device) => GpuDevice.Open(device, new DeviceOptions { CacheFolder = "" });

    private static Model Load() => Model.Load("lenet5").WithWeights(new SeededWeights(1));

    private static float[] Images(int count) => new SeededWeights(2).Uniform("images", count * Pixels);
}
