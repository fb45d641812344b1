namespace VkInception.Vulkan;

/// <summary>A type declaration: its opcode and the operands after the result id. An operand that is not there reads as 0, which no sound type has.</summary>
internal sealed record SpirvType(SpirvOp Op, uint[] Operands)
{
    public uint At(int index) => index < Operands.Length ? Operands[index] : 0;
}
