namespace VkInception.Graph;

/// <summary>A value that flows between nodes: a name and a shape. Identity is the object, not the name. Immutable: any thread may use it.</summary>
public sealed class Tensor(string name, Shape shape)
{
    /// <summary>The name that <c>--fetch</c> and error messages use.</summary>
    public string Name { get; } = name;

    /// <summary>Logical shape; rank 4 is N C H W.</summary>
    public Shape Shape { get; } = shape;

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Shape}";
}
