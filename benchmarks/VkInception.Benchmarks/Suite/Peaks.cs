namespace VkInception.Benchmarks.Suite;

/// <summary>What a device can do at most, measured: fused multiply-adds in GFLOP/s, memory in GB/s.</summary>
internal sealed record Peaks(double Gflops, double GigabytesPerSecond);
