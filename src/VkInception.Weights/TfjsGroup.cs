using System.Collections.Immutable;

namespace VkInception.Weights;

/// <summary>Tensors that lie one behind the other in the files of a group, which are pieces of one run of bytes.</summary>
/// <param name="Paths">The files, in order.</param>
/// <param name="Weights">The tensors, in order.</param>
internal sealed record TfjsGroup(ImmutableArray<string> Paths, ImmutableArray<TfjsWeight> Weights);
