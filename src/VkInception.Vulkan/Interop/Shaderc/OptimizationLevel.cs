namespace Silk.NET.Shaderc;

/// <summary>What spirv-opt does with the result.</summary>
internal enum OptimizationLevel : int
{
    Zero = 0,
    Size = 1,
    Performance = 2,
}
