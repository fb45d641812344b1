namespace VkInception.Weights;

/// <summary>A Python list or set; may hold itself, so that nothing walks it without a bound.</summary>
internal sealed class PickleList : List<object?>;
