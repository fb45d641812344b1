using BenchmarkDotNet.Attributes;
using VkInception.Vulkan;

namespace VkInception.Benchmarks;

/// <summary>Whole runs on the device that <c>auto</c> takes (VKINCEPTION_DEVICE chooses another): upload, kernels, read-back; seeded weights.</summary>
public class InferenceBenchmarks : IDisposable
{
    private GpuDevice? device;
    private CompiledModel? compiled;
    private float[] x = [];
    private float[] y = [];

    [Params(1, 8)]
    public int Batch { get; set; }

    [Params("googlenet", "googlenet-torchvision")]
    public string Model { get; set; } = "";

    [GlobalSetup]
    public void SetUp()
    {
        device = GpuDevice.Open();
        using Model model = VkInception.Model.Load(Model).WithWeights(new SeededWeights());
        compiled = model.Compile(device, new CompileOptions { Batch = Batch });
        x = new SeededWeights().Uniform("input", (int)compiled.InputShape.Count);
        y = new float[compiled.OutputShape.Count];
    }

    [Benchmark]
    public void Run() => compiled!.Run(x, y);

    [GlobalCleanup]
    public void Dispose()
    {
        compiled?.Dispose();
        device?.Dispose();
        GC.SuppressFinalize(this);
    }
}
