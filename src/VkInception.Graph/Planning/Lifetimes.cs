namespace VkInception.Graph.Planning;

/// <summary>Finds the levels in which every block of the arena is in use.</summary>
internal static class Lifetimes
{
    /// <summary>Inputs live from before the first level, outputs beyond the last, everything else from its first to its last access.</summary>
    public static IReadOnlyList<Lifetime> Of(IReadOnlyList<PlanStep> steps, Network network, Placement placement, int levels)
    {
        var found = new Dictionary<Storage, Lifetime>();
        foreach (Tensor input in network.Inputs) Touch(placement[input].Storage, -1);
        foreach (PlanStep step in steps)
            foreach (KernelTensor t in step.Launch.Tensors)
                Touch(t.View.Storage, step.Level);
        foreach (Tensor output in network.Outputs) Touch(placement[output].Storage, levels);
        return [.. found.Values];

        void Touch(Storage storage, int level)
        {
            if (storage.IsResident) return;
            found[storage] = found.TryGetValue(storage, out Lifetime? known)
                ? known with { First = Math.Min(known.First, level), Last = Math.Max(known.Last, level) }
                : new Lifetime(storage, level, level);
        }
    }
}
