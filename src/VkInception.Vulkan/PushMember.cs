namespace VkInception.Vulkan;

/// <summary>One member of a shader's push-constant block.</summary>
/// <param name="Name">Name in the source; empty where the compiler stripped names.</param>
/// <param name="Offset">Bytes from the start of the block.</param>
/// <param name="Size">Bytes of the member.</param>
/// <param name="Type">Type of the member.</param>
public sealed record PushMember(string Name, uint Offset, uint Size, ShaderValueType Type);
