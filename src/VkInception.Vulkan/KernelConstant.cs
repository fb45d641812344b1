namespace VkInception.Vulkan;

/// <summary>The value of one specialization constant, found in the shader by its name.</summary>
/// <param name="Name">Name of the constant in the shader's source.</param>
/// <param name="Bits">The 32 bits of the value.</param>
public readonly record struct KernelConstant(string Name, uint Bits)
{
    /// <summary>A signed constant.</summary>
    public static KernelConstant Of(string name, int value) => new(name, unchecked((uint)value));

    /// <summary>An unsigned constant.</summary>
    public static KernelConstant Of(string name, uint value) => new(name, value);

    /// <summary>A float constant.</summary>
    public static KernelConstant Of(string name, float value) => new(name, BitConverter.SingleToUInt32Bits(value));

    /// <summary>A boolean constant.</summary>
    public static KernelConstant Of(string name, bool value) => new(name, value ? 1u : 0u);
}
