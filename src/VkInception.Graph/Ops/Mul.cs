namespace VkInception.Graph.Ops;

/// <summary>Product y = a · b, broadcast as NumPy does.</summary>
public sealed record Mul : BinaryOp
{
    private protected override int Operation => 2;
}
