namespace VkInception.Graph.Ops;

/// <summary>Quotient y = a / b, broadcast as NumPy does; division by zero gives infinity or NaN as IEEE 754 has it.</summary>
public sealed record Div : BinaryOp
{
    private protected override int Operation => 3;
}
