using System.Text.Json.Serialization;

namespace VkInception.Cli.Documents;

/// <summary><c>bench --json</c>; a multiply-add counts as two operations.</summary>
internal sealed record BenchDocument(
    string Model, string Device, string Driver, string Precision, int Batch, int Runs, double MedianMs, double P95Ms, double MinMs, double ImagesPerSecond,
    double Gflops, double PeakGflops, double PeakFraction, double FirstResultMs, long DeviceBytes, bool Train, string Kernels)
{
    /// <summary>Measured memory bandwidth; with <c>--roofline</c> only, as <see cref="Layers"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? PeakGigabytesPerSecond { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<LayerTimeDocument>? Layers { get; init; }
}
