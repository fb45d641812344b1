using System.Collections.Immutable;

namespace VkInception.Weights;

/// <summary>One tensor as a safetensors header declares it; offsets count from the end of the header.</summary>
internal sealed record SafetensorsEntry(string Name, ElementType Type, ImmutableArray<int> Shape, long Begin, long End);
