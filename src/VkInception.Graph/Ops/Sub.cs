namespace VkInception.Graph.Ops;

/// <summary>Difference y = a − b, broadcast as NumPy does.</summary>
public sealed record Sub : BinaryOp
{
    private protected override int Operation => 1;
}
