namespace VkInception.Graph;

/// <summary>A named 32-bit constant; how its bits read is the shader's declaration.</summary>
/// <param name="Name">The shader's name for it.</param>
/// <param name="Bits">The 32 bits.</param>
/// <param name="Double">A float's value for a shader that declares 64 bits of it; null for integers and booleans.</param>
public sealed record Constant(string Name, uint Bits, double? Double = null)
{
    /// <summary>A signed integer.</summary>
    public static Constant Of(string name, int value) => new(name, unchecked((uint)value));

    /// <summary>A float; in double precision the decimal that it stands for (<see cref="DecimalValue"/>).</summary>
    public static Constant Of(string name, float value) => new(name, BitConverter.SingleToUInt32Bits(value), DecimalValue.Of(value));

    /// <summary>A float that was computed in double precision.</summary>
    public static Constant Of(string name, double value) => new(name, BitConverter.SingleToUInt32Bits((float)value), value);

    /// <summary>A boolean, 0 or 1.</summary>
    public static Constant Of(string name, bool value) => new(name, value ? 1u : 0u);
}
