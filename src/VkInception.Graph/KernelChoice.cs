using System.Collections.Immutable;

namespace VkInception.Graph;

/// <summary>What was chosen for one piece of work, and why.</summary>
public sealed record KernelChoice(string Name, ImmutableArray<ShaderDispatch> Launches, string Reason)
{
    /// <summary>How it was chosen, for programs; null where the chooser does not tell.</summary>
    public KernelSelection? Selection { get; init; }
}
