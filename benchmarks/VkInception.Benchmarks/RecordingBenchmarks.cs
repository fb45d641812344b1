using BenchmarkDotNet.Attributes;
using VkInception.Vulkan;

namespace VkInception.Benchmarks;

/// <summary>
/// Host work between a plan and the first submission, on the device that <c>auto</c> takes: all of compiling a model when its kernels are there already
/// (weights made up and packed, commands recorded), and filling the input and reading the output of a run that the device has done.
/// </summary>
public class RecordingBenchmarks : IDisposable
{
    private GpuDevice? device;
    private Model? model;
    private CompiledModel? first;

    [Params("googlenet", "lenet5")]
    public string Network { get; set; } = "";

    [GlobalSetup]
    public void SetUp()
    {
        device = GpuDevice.Open();
        model = Model.Load(Network).WithWeights(new SeededWeights());
        first = model.Compile(device);
    }

    [Benchmark]
    public void CompileWithKernelsMade() => model!.Compile(device!).Dispose();

    /// <summary>Records every launch with a timestamp behind it, runs it and reads the timestamps.</summary>
    [Benchmark]
    public int RecordRunAndReadTimestamps() => first!.Profile().Count;

    [GlobalCleanup]
    public void Dispose()
    {
        first?.Dispose();
        model?.Dispose();
        device?.Dispose();
        GC.SuppressFinalize(this);
    }
}
