namespace VkInception.Graph;

/// <summary>A block of device memory that the planner places: an activation, a workspace, or a parameter. Immutable: any thread may use it.</summary>
/// <param name="name">For the plan and for traces.</param>
/// <param name="elements">Its size in elements.</param>
/// <param name="parameter">The parameter that lives there; null for a block of the arena.</param>
/// <param name="resident">Whether it outlives the run (gradients of parameters, an optimizer's state); parameters always do.</param>
/// <param name="type">What its elements are.</param>
public sealed class Storage(string name, long elements, Parameter? parameter = null, bool resident = false, ElementType type = ElementType.Float32)
{
    /// <summary>For the plan and for traces.</summary>
    public string Name { get; } = name;

    /// <summary>Size in elements.</summary>
    public long Elements { get; } = elements;

    /// <summary>What its elements are.</summary>
    public ElementType Type { get; } = type;

    /// <summary>Size of an element in bytes.</summary>
    public int ElementBytes => Type switch
    {
        ElementType.Float16 => 2,
        ElementType.Float64 => sizeof(double),
        _ => sizeof(float),
    };

    /// <summary>Size in bytes.</summary>
    public long Bytes => Elements * ElementBytes;

    /// <summary>Whether its elements are integers of 32 bits in place of floats, of which none is NaN: the positions of maxima.</summary>
    public bool HoldsIntegers { get; init; }

    /// <summary>The parameter that lives here; null for a block of the arena.</summary>
    public Parameter? Parameter { get; } = parameter;

    /// <summary>Whether it lies in memory of its own and outlives the run; otherwise it is a block of the arena.</summary>
    public bool IsResident { get; } = resident || parameter is not null;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
