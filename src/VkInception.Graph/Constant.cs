namespace VkInception.Graph;

/// <summary>A named 32-bit constant; how its bits read is the shader's declaration.</summary>
public sealed record Constant(string Name, uint Bits)
{
    /// <summary>A signed integer.</summary>
    public static Constant Of(string name, int value) => new(name, unchecked((uint)value));

    /// <summary>A float.</summary>
    public static Constant Of(string name, float value) => new(name, BitConverter.SingleToUInt32Bits(value));

    /// <summary>A boolean, 0 or 1.</summary>
    public static Constant Of(string name, bool value) => new(name, value ? 1u : 0u);
}
