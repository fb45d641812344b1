using System.Collections.Immutable;

namespace VkInception.Weights;

/// <summary>A tensor as a pickle describes it: a view, checked to lie within its storage.</summary>
/// <param name="Storage">Where its elements lie.</param>
/// <param name="Type">Type of its elements.</param>
/// <param name="Offset">First element, counted in elements from the start of the storage.</param>
/// <param name="Shape">Dimensions, outermost first.</param>
/// <param name="Strides">Steps in elements, one for each dimension, none negative.</param>
/// <param name="Extent">Elements from the first to the last, both included.</param>
internal sealed record TorchTensor(
    TorchStorage Storage, ElementType Type, long Offset, ImmutableArray<int> Shape, ImmutableArray<long> Strides, long Extent);
