namespace VkInception.Cli.Documents;

/// <summary>One kernel: a complete event (<c>ph</c> X), times in microseconds.</summary>
internal sealed record TraceEventDocument(string Name, string Cat, string Ph, double Ts, double Dur, int Pid, int Tid);
