namespace Silk.NET.Shaderc;

/// <summary>Shaderc's result; only ever seen by its address.</summary>
internal struct CompilationResult;
