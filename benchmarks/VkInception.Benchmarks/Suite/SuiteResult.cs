namespace VkInception.Benchmarks.Suite;

/// <summary>All that the suite found.</summary>
internal sealed record SuiteResult(string Date, string Machine, string Device, string Driver, string Model, Peaks Peaks, SuiteRow[] Rows, LayerTable[] Layers);
