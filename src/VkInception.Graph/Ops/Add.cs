namespace VkInception.Graph.Ops;

/// <summary>Sum y = a + b, broadcast as NumPy does (the shortcut of a residual block, 1512.03385, section 3.2).</summary>
public sealed record Add : BinaryOp
{
    private protected override int Operation => 0;
}
