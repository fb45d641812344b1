namespace VkInception.Cli.Documents;

/// <summary>One launch of <c>plan --json</c>; of what was not chosen or not measured the rest is null.</summary>
internal sealed record StepDocument(int Level, string Node, string Operation, string Kernel, string Reason, bool BarrierBefore,
    string? ChosenBy, double? Milliseconds, string? RunnerUp, double? RunnerUpMilliseconds, string? Heuristic, double? HeuristicMilliseconds);
