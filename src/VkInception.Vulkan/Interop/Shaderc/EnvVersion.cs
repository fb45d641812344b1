namespace Silk.NET.Shaderc;

/// <summary>The version of the target, as Vulkan packs it.</summary>
internal enum EnvVersion : int
{
    Vulkan10 = 0x400000,
    Vulkan11 = 0x401000,
    Vulkan12 = 0x402000,
    Vulkan13 = 0x403000,
    Vulkan14 = 0x404000,
}
