namespace VkInception.Vulkan;

/// <summary>One specialization constant of a shader.</summary>
/// <param name="Name">Name in the source; empty where the compiler stripped names.</param>
/// <param name="Id">The <c>constant_id</c>.</param>
/// <param name="Type">Type of the constant.</param>
/// <param name="DefaultBits">Bits of the value that the source gives it (1 for true).</param>
public sealed record SpecializationConstant(string Name, uint Id, ShaderValueType Type, uint DefaultBits);
