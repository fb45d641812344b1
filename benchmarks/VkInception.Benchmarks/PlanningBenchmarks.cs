using BenchmarkDotNet.Attributes;
using VkInception.Graph;
using VkInception.Graph.Models;
using VkInception.Graph.Planning;
using VkInception.Graph.Rewrites;
using VkInception.Kernels;

namespace VkInception.Benchmarks;

/// <summary>Host work between a model's name and its plan: no device is opened.</summary>
[MemoryDiagnoser]
public class PlanningBenchmarks
{
    private readonly IKernelChooser kernels = new ConvolutionKernels(new DeviceTraits { SubgroupSize = 32, MaxWorkgroupInvocations = 1024, SubgroupShuffle = true });
    private Network whole = null!;
    private Network rewritten = null!;

    [Params("googlenet", "googlenet-torchvision")]
    public string Model { get; set; } = "";

    [GlobalSetup]
    public void SetUp()
    {
        whole = Build();
        rewritten = Rewritten();
    }

    [Benchmark]
    public Network Build() => ModelZoo.Find(Model).Build(new ModelOptions());

    [Benchmark]
    public Network Rewritten() => Rewrite.ForInference(whole.WithOutputs(whole.Outputs[0]));

    [Benchmark]
    public ExecutionPlan Plan() => Planner.Plan(rewritten, kernels);
}
