using VkInception.Graph;
using VkInception.Graph.Planning;
using VkInception.Graph.Training;
using VkInception.Graph.Training.Optimizers;
using VkInception.Training;

namespace VkInception.Cli;

/// <summary>What <c>bench</c> measures: a network's inference or its training step, on made-up images.</summary>
internal sealed class BenchedWork : IDisposable
{
    private readonly IDisposable owner;
    private readonly Func<CancellationToken, Task> run;

    private BenchedWork(IDisposable owner, Func<CancellationToken, Task> run, Func<IReadOnlyList<(string Label, double Milliseconds)>> profile)
    {
        this.owner = owner;
        this.run = run;
        Profile = profile;
    }

    /// <summary>Multiply-adds of one run; a training step counts the gradients of inputs and of weights as much as the forward pass each, as papers do.</summary>
    public required long MultiplyAdds { get; init; }

    public required long DeviceBytes { get; init; }

    public bool IsTraining { get; private init; }

    /// <summary>How the convolution kernels were chosen: <c>tuned</c> where all were measured before, <c>partly tuned</c>, <c>heuristic</c> or <c>forced</c>.</summary>
    public required string Kernels { get; init; }

    public IReadOnlyList<string> Warnings { get; private init; } = [];

    /// <summary>Milliseconds of every kernel.</summary>
    public Func<IReadOnlyList<(string Label, double Milliseconds)>> Profile { get; }

    /// <summary>Device time by layer; null for training steps.</summary>
    public Func<IReadOnlyList<LayerTime>>? Layers { get; private init; }

    public static BenchedWork Inference(Model model, DeviceSession session, int batch, int size, Precision precision)
    {
        CompiledModel compiled = session.Compile(model, new CompileOptions { Batch = batch, Height = size, Width = size, Precision = precision });
        float[] x = Noise(compiled.InputShape);
        return new BenchedWork(compiled, async cancel => await compiled.RunAsync(x, cancel), compiled.Profile)
        {
            MultiplyAdds = compiled.Plan.Network.MultiplyAdds,
            DeviceBytes = compiled.DeviceBytes,
            Kernels = Origins(compiled.Plan),
            Warnings = compiled.Warnings,
            Layers = () => Roofline.Measure(compiled),
        };
    }

    public static BenchedWork Training(Model model, DeviceSession session, int batch, int size, bool checkpointActivations, Precision precision)
    {
        CompiledTraining compiled = model.CompileTraining(session.Device, new TrainingOptions
        {
            Batch = batch,
            Height = size,
            Width = size,
            Optimizer = new Sgd { WeightDecay = 2e-4f },
            CheckpointActivations = checkpointActivations,
            Precision = precision,
            Kernels = session.Kernels,
        });
        float[] x = Noise(compiled.InputShape);
        int[] labels = [.. Enumerable.Range(0, batch)];
        // Nothing is learned: the time of a step depends on no value, and weights that stay as they are stay finite.
        var values = new StepValues { LossScale = 1, LearningRate = 0 };
        return new BenchedWork(compiled, cancel => Task.Run(() => compiled.Run(x, labels, values), cancel), compiled.Profile)
        {
            MultiplyAdds = 3 * compiled.Plan.Execution.Network.MultiplyAdds,
            DeviceBytes = compiled.DeviceBytes,
            Kernels = Origins(compiled.Plan.Execution),
            IsTraining = true,
        };
    }

    public Task RunAsync(CancellationToken cancel) => run(cancel);

    public void Dispose() => owner.Dispose();

    private static string Origins(ExecutionPlan plan)
    {
        KernelOrigin[] origins = [.. plan.Steps.Select(s => s.Selection?.Origin).OfType<KernelOrigin>().Distinct()];
        return origins switch
        {
            [var one] => one.ToString().ToLowerInvariant(),
            [] => "heuristic",
            _ => origins.Contains(KernelOrigin.Forced) ? "forced" : "partly tuned",
        };
    }

    private static float[] Noise(Shape shape)
    {
        var random = new Random(1);
        var x = new float[shape.Count];
        for (int i = 0; i < x.Length; i++)
            x[i] = random.NextSingle() - 0.5f;
        return x;
    }
}
