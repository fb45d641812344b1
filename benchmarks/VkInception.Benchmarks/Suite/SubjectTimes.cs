namespace VkInception.Benchmarks.Suite;

/// <summary>Milliseconds of each run, and the most memory that the process has had so far.</summary>
internal sealed record SubjectTimes(double[] Ms, long PeakBytes);
