namespace Silk.NET.Shaderc;

/// <summary>Shaderc's compiler; only ever seen by its address.</summary>
internal struct Compiler;
