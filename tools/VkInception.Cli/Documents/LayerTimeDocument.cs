namespace VkInception.Cli.Documents;

/// <summary>One layer of <c>bench --roofline --json</c>.</summary>
internal sealed record LayerTimeDocument(
    string Layer, string Operation, string Kernel, double Milliseconds, long MultiplyAdds, long Bytes, double Gflops, double GigabytesPerSecond, double RooflineShare, string BoundBy)
{
    public static LayerTimeDocument Of(LayerTime layer, double peakGflops, double peakGigabytesPerSecond) => new(
        layer.Layer, layer.Operation, layer.Kernels, layer.Milliseconds, layer.MultiplyAdds, layer.Bytes, layer.Gflops, layer.GigabytesPerSecond,
        layer.RooflineShare(peakGflops, peakGigabytesPerSecond), layer.IsBoundByArithmetic(peakGflops, peakGigabytesPerSecond) ? "arithmetic" : "memory");
}
