using VkInception.Graph;
using VkInception.Graph.Planning;

namespace VkInception.Running;

/// <summary>How much work the launches of a plan are, roughly: multiply-adds, and what moving bytes costs in their measure.</summary>
internal static class StepWork
{
    /// <summary>Multiply-adds that a device does in the time of one byte to or from its memory: three to ten on real ones, at what kernels reach.</summary>
    private const long MultiplyAddsPerByte = 4;

    public static long[] Estimate(IReadOnlyList<PlanStep> steps)
    {
        // A pass of a node may be several launches (phases, partial sums), of which one alone or all together do its work.
        Dictionary<(Node, Phase), int> launches = [];
        foreach (PlanStep step in steps)
        {
            if (step.Node is { } node) launches[(node, step.Phase)] = launches.GetValueOrDefault((node, step.Phase)) + 1;
        }
        var work = new long[steps.Count];
        for (int i = 0; i < work.Length; i++)
        {
            PlanStep step = steps[i];
            long bytes = 0;
            foreach (KernelTensor tensor in step.Launch.Tensors) bytes += tensor.View.ExtentBytes;
            work[i] = bytes * MultiplyAddsPerByte;
            // Backwards there are two products: for the data, and for the filter.
            if (step.Node is { } node) work[i] += node.MultiplyAdds * (step.Phase == Phase.Backward ? 2 : 1) / launches[(node, step.Phase)];
        }
        return work;
    }
}
