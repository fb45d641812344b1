namespace Silk.NET.Shaderc;

/// <summary>For whom SPIR-V is made.</summary>
internal enum TargetEnv : int
{
    Vulkan = 0,
}
