using System.Runtime.InteropServices;
using VkInception.Graph;
using VkInception.Graph.Training;
using VkInception.Graph.Training.Optimizers;
using VkInception.Kernels;
using VkInception.Training;
using VkInception.Vulkan;

namespace VkInception.Benchmarks.Suite;

/// <summary>A network ready to run, or its training step.</summary>
internal sealed class SubjectWork : IDisposable
{
    private readonly SubjectOptions options;
    private readonly Action run;
    private readonly CompiledModel? inference;
    private readonly CompiledTraining? training;
    private readonly long deviceBytes, arenaBytes, parameterBytes, multiplyAdds;

    private SubjectWork(SubjectOptions options, CompiledModel compiled)
    {
        this.options = options;
        inference = compiled;
        deviceBytes = compiled.DeviceBytes;
        arenaBytes = compiled.Plan.ArenaBytes;
        parameterBytes = compiled.Plan.ParameterBytes;
        multiplyAdds = compiled.Plan.Network.MultiplyAdds;
        float[] x = Images(compiled.InputShape), y = new float[compiled.OutputShape.Count];
        compiled.Run(x, y);
        if (options.Output is { } path) File.WriteAllBytes(path, MemoryMarshal.AsBytes<float>(y));
        run = () => compiled.Run(x, y);
    }

    private SubjectWork(SubjectOptions options, CompiledTraining compiled)
    {
        this.options = options;
        training = compiled;
        deviceBytes = compiled.DeviceBytes;
        arenaBytes = compiled.Plan.Execution.ArenaBytes;
        parameterBytes = compiled.Plan.Execution.ParameterBytes;
        // The gradients of inputs and of weights count as much as the forward pass each, as papers do.
        multiplyAdds = 3 * compiled.Plan.Execution.Network.MultiplyAdds;
        float[] x = Images(compiled.InputShape);
        int[] labels = [.. Enumerable.Range(0, options.Batch)];
        // Nothing is learned: the time of a step depends on no value, and weights that stay as they are stay finite.
        var values = new StepValues { LossScale = 1, LearningRate = 0 };
        run = () => compiled.Run(x, labels, values);
    }

    public static SubjectWork Inference(Model model, GpuDevice device, SubjectOptions options)
        => new(options, model.Compile(device, new CompileOptions { Batch = options.Batch, Height = options.Size, Width = options.Size, Kernels = Kernels(device, options), Precision = PrecisionOf(options) }));

    public static SubjectWork Training(Model model, GpuDevice device, SubjectOptions options)
        => new(options, model.CompileTraining(device, new TrainingOptions
        {
            Batch = options.Batch,
            Height = options.Size,
            Width = options.Size,
            Optimizer = new Sgd { WeightDecay = 2e-4f },
            Precision = PrecisionOf(options),
            Kernels = Kernels(device, options),
        }));

    public void Run() => run();

    /// <summary>Device time by layer; empty for training steps and where the device has no timestamps.</summary>
    public IReadOnlyList<LayerTime> Layers() => inference is null ? [] : Roofline.Measure(inference);

    public SubjectReady Describe(GpuDevice device, double firstResultMs) => new(
        options.Model, device.Info.Name, $"{device.Info.DriverName} {device.Info.DriverVersion}", options.Batch, options.Size, options.Train, options.Precision,
        multiplyAdds, arenaBytes, parameterBytes, deviceBytes, firstResultMs);

    public void Dispose()
    {
        inference?.Dispose();
        training?.Dispose();
    }

    private static ConvolutionKernels Kernels(GpuDevice device, SubjectOptions options)
        => options.NoTuning ? new(DeviceTraits.Of(device.Info), options.Kernel) : ConvolutionKernels.Tuned(device, options.Kernel);

    private static Precision PrecisionOf(SubjectOptions options) => options.Precision switch
    {
        "fp32" => Precision.Single,
        "fp16" when !options.Train => Precision.Half,
        "mixed" when options.Train => Precision.Mixed,
        _ => throw new VkInceptionException(ErrorCode.InvalidArgument, $"--precision {options.Precision}: fp32, fp16 for inference, or mixed for training"),
    };

    private float[] Images(Shape shape)
    {
        if (options.Input is not { } path) return new SeededWeights().Uniform("input", (int)shape.Count);
        float[] values = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(path)).ToArray();
        return values.Length >= shape.Count ? values[..(int)shape.Count] : throw new VkInceptionException(ErrorCode.ShapeMismatch, $"{path}: holds {values.Length} values, {shape} = {shape.Count} are wanted");
    }
}
