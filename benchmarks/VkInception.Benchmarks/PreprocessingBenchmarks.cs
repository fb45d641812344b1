using BenchmarkDotNet.Attributes;
using VkInception.Imaging;

namespace VkInception.Benchmarks;

/// <summary>From decoded pixels to a network's input, for the size that most photos of ImageNet have.</summary>
public class PreprocessingBenchmarks
{
    private readonly Photo photo = new(500, 375, [.. Enumerable.Range(0, 500 * 375 * 3).Select(i => (byte)(i * 31))]);
    private readonly float[] x = new float[3 * 224 * 224];

    [Benchmark]
    public void Torchvision() => Preprocessor.Run(photo, ImageInput.Torchvision, x);

    [Benchmark]
    public void Bvlc() => Preprocessor.Run(photo, ImageInput.Bvlc, x);
}
