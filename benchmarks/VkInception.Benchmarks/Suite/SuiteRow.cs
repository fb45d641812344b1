namespace VkInception.Benchmarks.Suite;

/// <summary>One measurement of the suite, or why there is none.</summary>
internal sealed record SuiteRow(string Group, SubjectReady? Ready, double MedianMs, double MinMs, double P95Ms, int Runs, long ProcessBytes, string? Missing)
{
    public string Label { get; init; } = "";

    public double ImagesPerSecond => Ready is null ? 0 : 1000 * Ready.Batch / MedianMs;

    public double Gflops => Ready is null ? 0 : 2e-6 * Ready.MultiplyAdds / MedianMs;
}
