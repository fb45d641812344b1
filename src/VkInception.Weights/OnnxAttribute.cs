namespace VkInception.Weights;

/// <summary>An attribute of an ONNX node: exactly one kind of value, by its field numbers in AttributeProto.</summary>
/// <param name="Name">The attribute's name.</param>
public sealed record OnnxAttribute(string Name)
{
    /// <summary>A float (field 2); null for other kinds.</summary>
    public float? Float { get; init; }

    /// <summary>An integer (field 3); null for other kinds.</summary>
    public long? Int { get; init; }

    /// <summary>A string (field 4); null for other kinds.</summary>
    public string? Text { get; init; }

    /// <summary>A tensor (field 5); null for other kinds.</summary>
    public NamedTensor? Tensor { get; init; }

    /// <summary>Floats (field 7); empty for other kinds.</summary>
    public IReadOnlyList<float> Floats { get; init; } = [];

    /// <summary>Integers (field 8); empty for other kinds, or for an empty list.</summary>
    public IReadOnlyList<long> Ints { get; init; } = [];

    /// <summary>Strings (field 9); empty for other kinds.</summary>
    public IReadOnlyList<string> Texts { get; init; } = [];

    /// <summary>Whether it holds a subgraph, a list of tensors or another value that is not read.</summary>
    public bool IsUnread { get; init; }
}
