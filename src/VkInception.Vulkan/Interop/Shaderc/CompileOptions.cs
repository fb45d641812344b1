namespace Silk.NET.Shaderc;

/// <summary>Shaderc's options; only ever seen by their address.</summary>
internal struct CompileOptions;
