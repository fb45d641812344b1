namespace Silk.NET.Shaderc;

/// <summary>What a source is; only what the library compiles.</summary>
internal enum ShaderKind : int
{
    ComputeShader = 2,
}
