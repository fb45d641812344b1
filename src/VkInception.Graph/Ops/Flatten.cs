namespace VkInception.Graph.Ops;

/// <summary>A matrix of the elements in logical order: the axes before <paramref name="Axis"/> make the rows, the others the columns (C H W for an image).</summary>
/// <param name="Axis">The first axis of the columns, 0 to the rank; negative counts from the end.</param>
public sealed record Flatten(int Axis = 1) : ViewOp
{
    /// <inheritdoc/>
    public override string Attributes => Axis == 1 ? "" : $"axis {Axis}";

    private protected override Shape Reshaped(Shape input)
    {
        if (Axis < -input.Rank || Axis > input.Rank) throw Mismatch($"axis {Axis} is outside the input {input}");
        int axis = Axis < 0 ? Axis + input.Rank : Axis;
        int rows = input.Take(axis).Aggregate(1, (product, extent) => product * extent);
        return [rows, (int)(input.Count / rows)];
    }
}
