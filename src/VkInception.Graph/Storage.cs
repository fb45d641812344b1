namespace VkInception.Graph;

/// <summary>A block of device memory that the planner places: an activation, a workspace, or a parameter.</summary>
/// <param name="name">For the plan and for traces.</param>
/// <param name="elements">Its size in elements.</param>
/// <param name="parameter">The parameter that lives there; null for a block of the arena.</param>
public sealed class Storage(string name, long elements, Parameter? parameter = null)
{
    /// <summary>For the plan and for traces.</summary>
    public string Name { get; } = name;

    /// <summary>Size in elements.</summary>
    public long Elements { get; } = elements;

    /// <summary>The parameter that lives here; null for a block of the arena.</summary>
    public Parameter? Parameter { get; } = parameter;

    /// <inheritdoc/>
    public override string ToString() => Name;
}
