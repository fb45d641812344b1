namespace VkInception.Graph;

/// <summary>A trained constant of a node: loaded from a checkpoint under its name, or derived on the host from others. Immutable: any thread may use it.</summary>
/// <param name="name">The key in a checkpoint, as the reference spells it (<c>conv1/7x7_s2.weight</c>).</param>
/// <param name="shape">Logical shape: O I H W for filters, O I for matrices.</param>
/// <param name="layout">How it lies in device memory.</param>
public sealed class Parameter(string name, Shape shape, ParameterLayout layout = ParameterLayout.Plain)
{
    /// <summary>The key in a checkpoint.</summary>
    public string Name { get; } = name;

    /// <summary>Logical shape.</summary>
    public Shape Shape { get; } = shape;

    /// <summary>How it lies in device memory.</summary>
    public ParameterLayout Layout { get; } = layout;

    /// <summary>Parameters that <see cref="Derive"/> reads; empty when it is loaded.</summary>
    public IReadOnlyList<Parameter> Sources { get; init; } = [];

    /// <summary>Computes the elements (logical order) from <see cref="Sources"/>; null when the parameter is loaded from a checkpoint.</summary>
    public Func<ParameterReader, ReadOnlyMemory<float>>? Derive { get; init; }

    /// <summary>Whether training changes it; running statistics are not trained.</summary>
    public bool Trained { get; init; } = true;

    /// <summary>Elements that the graph file itself holds (an ONNX initializer), logical order; null when a checkpoint holds them.</summary>
    public ReadOnlyMemory<float>? Value { get; init; }

    /// <summary>The loaded parameters that this one comes from: itself, or its sources' sources.</summary>
    public IEnumerable<Parameter> Loaded() => Derive is null ? [this] : Sources.SelectMany(s => s.Loaded());

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Shape}";
}
