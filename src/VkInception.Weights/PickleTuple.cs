namespace VkInception.Weights;

/// <summary>A Python tuple (torch.Size, a frozen set: the kind does not matter to a reader of tensors).</summary>
internal sealed record PickleTuple(object?[] Items);
