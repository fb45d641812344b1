namespace VkInception.Graph.Ops;

/// <summary>The same elements, in logical order (N C H W, whatever the layout in memory), under another shape.</summary>
/// <param name="Target">The output's shape; as many elements as the input.</param>
public sealed record Reshape(Shape Target) : ViewOp
{
    /// <inheritdoc/>
    public override string Attributes => $"to {Target}";

    private protected override Shape Reshaped(Shape input)
    {
        if (Target.Count != input.Count) throw Mismatch($"input {input} has {input.Count} elements, the shape {Target} {Target.Count}");
        if (Target.Rank > CopyKernel.MaxRank) throw Mismatch($"shape {Target}: at most {CopyKernel.MaxRank} axes are supported");
        return Target;
    }
}
