using BenchmarkDotNet.Attributes;
using VkInception.Weights;

namespace VkInception.Benchmarks;

/// <summary>Reads every tensor of checkpoints in the formats of others: the files of <c>../shared/data</c>, or of the folder that VKINCEPTION_DATA names.</summary>
[MemoryDiagnoser]
public class ReaderBenchmarks
{
    private static readonly string[] Extensions = [".caffemodel", ".th", ".pth", ".npz", ".onnx"];

    [ParamsSource(nameof(Found))]
    public string File { get; set; } = "";

    private static string Folder => Environment.GetEnvironmentVariable("VKINCEPTION_DATA") ?? Path.Combine(Root(), "..", "shared", "data");

    public static IEnumerable<string> Found() => Directory.Exists(Folder)
        ? Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Where(f => Extensions.Contains(Path.GetExtension(f)) && !f.Contains("light", StringComparison.Ordinal)).Order().Select(f => Path.GetRelativePath(Folder, f))
        : [];

    [Benchmark]
    public long Read()
    {
        using Checkpoint checkpoint = Checkpoint.Open(Path.Combine(Folder, File));
        return checkpoint.Tensors.Sum(t => (long)t.ToFloat32().Length);
    }

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !System.IO.File.Exists(Path.Combine(folder.FullName, "VkInception.sln"))) folder = folder.Parent;
        return folder?.FullName ?? AppContext.BaseDirectory;
    }
}
