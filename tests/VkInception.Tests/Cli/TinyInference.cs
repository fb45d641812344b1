using VkInception.Graph.Models;
using VkInception.Tests.Imaging;
using VkInception.Weights;

namespace VkInception.Tests.Cli;

/// <summary>LeNet-5 with weights, and two images for it: a run of a second.</summary>
internal sealed class TinyInference : IDisposable
{
    private const int Images = 2, Side = 32;
    private readonly TemporaryFolder folder = new();

    public TinyInference()
    {
        var seeded = new SeededWeights(1);
        SafetensorsWriter.Write(
            PathOf("w.safetensors"), ModelZoo.Find("lenet5").Build(new ModelOptions()).Parameters.Select(p => NamedTensor.FromFloat32(p.Name, p.Shape.Dims, seeded.Uniform(p.Name, (int)p.Shape.Count, 0.2f))),
            new Dictionary<string, string>());
        NpyWriter.Write(PathOf("x.npy"), [Images, 1, Side, Side], seeded.Uniform("x", Images * Side * Side));
    }

    public string Path => folder.Path;

    public string PathOf(string name) => folder.PathOf(name);

    /// <summary>The words that run it.</summary>
    public string[] Run(string output, string? input = null, string? weights = null)
        => ["run", "lenet5", "--weights", weights ?? PathOf("w.safetensors"), "--input", input ?? PathOf("x.npy"), "--output", System.IO.Path.Combine(folder.Path, output), "--quiet"];

    public void Dispose() => folder.Dispose();
}
