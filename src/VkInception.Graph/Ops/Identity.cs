namespace VkInception.Graph.Ops;

/// <summary>The input under another name.</summary>
public sealed record Identity : ViewOp
{
    private protected override Shape Reshaped(Shape input) => input;
}
