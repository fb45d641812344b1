namespace VkInception;

/// <summary>What one layer of a network costs on a device.</summary>
/// <param name="Layer">The node's name.</param>
/// <param name="Operation">Its type.</param>
/// <param name="Kernels">The kernels that compute it, joined by <c> + </c> where there are several.</param>
/// <param name="Milliseconds">Device time, the best of several runs; nothing else runs meanwhile.</param>
/// <param name="MultiplyAdds">Multiply-adds of the layer; 0 for those without weights.</param>
/// <param name="Bytes">Bytes of all that its kernels read and write, each tensor counted once per kernel: what must pass through memory if nothing stays in a cache.</param>
public sealed record LayerTime(string Layer, string Operation, string Kernels, double Milliseconds, long MultiplyAdds, long Bytes)
{
    /// <summary>Achieved arithmetic in GFLOP/s; a multiply-add is two operations.</summary>
    public double Gflops => 2e-6 * MultiplyAdds / Milliseconds;

    /// <summary>Achieved traffic in GB/s.</summary>
    public double GigabytesPerSecond => 1e-6 * Bytes / Milliseconds;

    /// <summary>Achieved share of what the device can do at most: of its arithmetic or its memory, whichever binds this layer sooner.</summary>
    /// <param name="peakGflops">See <see cref="FmaPeak"/>.</param>
    /// <param name="peakGigabytesPerSecond">See <see cref="BandwidthPeak"/>.</param>
    public double RooflineShare(double peakGflops, double peakGigabytesPerSecond)
        => Math.Max(Gflops / peakGflops, GigabytesPerSecond / peakGigabytesPerSecond);

    /// <summary>Whether arithmetic, not memory, binds this layer on such a device.</summary>
    /// <inheritdoc cref="RooflineShare"/>
    public bool IsBoundByArithmetic(double peakGflops, double peakGigabytesPerSecond)
        => 2.0 * MultiplyAdds / peakGflops >= Bytes / peakGigabytesPerSecond;
}
