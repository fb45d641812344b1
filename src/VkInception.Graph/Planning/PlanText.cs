using System.Globalization;
using System.Text;

namespace VkInception.Graph.Planning;

/// <summary>An <see cref="ExecutionPlan"/> in words: levels, launches, barriers, memory.</summary>
public static class PlanText
{
    /// <summary>The whole plan; the same plan gives the same text, so snapshot tests can hold it.</summary>
    public static string Of(ExecutionPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{plan.Network.Name}: {plan.Steps.Length} launches in {plan.Levels} levels, {plan.Barriers} barriers; ");
        text.Append(CultureInfo.InvariantCulture, $"arena {Bytes(plan.ArenaBytes)}, parameters {Bytes(plan.ParameterBytes)}, {plan.Network.MultiplyAdds / 1e6:F1} M multiply-adds\n\n");
        foreach (PlanStep step in plan.Steps) Append(text, step);
        text.Append('\n');
        foreach (PlacedBlock block in plan.Blocks)
            text.Append(CultureInfo.InvariantCulture, $"{block.Offset,10} +{block.Bytes,-9} levels {Level(block.FirstLevel, plan)} to {Level(block.LastLevel, plan)}  {block.Storage.Name}\n");
        return text.ToString();
    }

    private static void Append(StringBuilder text, PlanStep step)
    {
        string what = step.Node is { } node ? $"{step.Work} {node.Op.Attributes}; {string.Join(", ", node.Inputs.Select(t => t.Shape))} → {node.Output.Shape}" : step.Work;
        text.Append(CultureInfo.InvariantCulture, $"{(step.BarrierBefore ? "──" : "  ")} {step.Level,3}  {step.Name,-28} {what}; {step.Kernel}");
        if (step.Reason.Length > 0) text.Append(CultureInfo.InvariantCulture, $" ({step.Reason})");
        text.Append('\n');
    }

    private static string Level(int level, ExecutionPlan plan) => level < 0 ? "input" : level >= plan.Levels ? "output" : level.ToString(CultureInfo.InvariantCulture);

    private static string Bytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:F2} MB");
}
