using System.Collections.Immutable;

namespace VkInception.Graph.Planning;

/// <summary>A network as it will run: levels of launches, barriers, and where every block lies. Plain data.</summary>
public sealed record ExecutionPlan(
    Network Network,
    ImmutableArray<PlanStep> Steps,
    ImmutableArray<PlacedBlock> Blocks,
    long ArenaBytes,
    ImmutableDictionary<Tensor, TensorView> Views,
    ImmutableArray<Storage> ParameterStorages)
{
    /// <summary>Bytes of all parameters.</summary>
    public long ParameterBytes { get; init; }

    /// <summary>Number of levels.</summary>
    public int Levels => Steps.IsEmpty ? 0 : Steps[^1].Level + 1;

    /// <summary>Number of barriers.</summary>
    public int Barriers => Steps.Count(s => s.BarrierBefore);
}
