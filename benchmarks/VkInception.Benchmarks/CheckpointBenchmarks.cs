using BenchmarkDotNet.Attributes;
using VkInception.Graph.Models;
using VkInception.Weights;

namespace VkInception.Benchmarks;

/// <summary>Writes and reads GoogLeNet's parameters (53 MB, auxiliary heads included) in the native format.</summary>
[MemoryDiagnoser]
public class CheckpointBenchmarks
{
    private readonly string path = Path.Combine(Path.GetTempPath(), $"vkinception-benchmark-{Environment.ProcessId}.safetensors");
    private NamedTensor[] tensors = [];

    [GlobalSetup]
    public void SetUp()
    {
        var weights = new SeededWeights();
        tensors = [.. ModelZoo.Find("googlenet").Build(new ModelOptions()).Parameters.Select(p => NamedTensor.FromFloat32(p.Name, p.Shape.Dims, weights.Read(p)))];
        Write();
    }

    [Benchmark]
    public void Write() => SafetensorsWriter.Write(path, tensors);

    [Benchmark]
    public long Read()
    {
        using Checkpoint checkpoint = Checkpoint.Open(path);
        return checkpoint.Tensors.Sum(t => (long)t.ToFloat32().Length);
    }

    [GlobalCleanup]
    public void CleanUp() => File.Delete(path);
}
