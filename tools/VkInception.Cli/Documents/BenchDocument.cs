namespace VkInception.Cli.Documents;

/// <summary><c>bench --json</c>; a multiply-add counts as two operations.</summary>
internal sealed record BenchDocument(
    string Model, string Device, string Driver, string Precision, int Batch, int Runs, double MedianMs, double P95Ms, double MinMs, double ImagesPerSecond,
    double Gflops, double PeakGflops, double PeakFraction, double FirstResultMs, long DeviceBytes, bool Train, string Kernels);
