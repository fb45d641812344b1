namespace VkInception.Cli.Documents;

/// <summary>One launch of <c>plan --json</c>.</summary>
internal sealed record StepDocument(int Level, string Node, string Operation, string Kernel, string Reason, bool BarrierBefore);
