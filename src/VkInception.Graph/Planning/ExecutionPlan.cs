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
    /// <summary>Launches that run once, before the first run, and do not depend on each other: they bring parameters into the form in which kernels read them.</summary>
    public ImmutableArray<PlanStep> Preparation { get; init; } = [];

    /// <summary>What <see cref="Preparation"/> writes; it stays as long as the parameters do.</summary>
    public ImmutableArray<Storage> PreparedStorages { get; init; } = [];

    /// <summary>Parameters that nothing but <see cref="Preparation"/> reads: needed until it has run.</summary>
    public ImmutableArray<Storage> PassingStorages { get; init; } = [];

    /// <summary>Bytes of all parameters in the form in which every run reads them.</summary>
    public long ParameterBytes { get; init; }

    /// <summary>Number of levels.</summary>
    public int Levels => Steps.IsEmpty ? 0 : Steps[^1].Level + 1;

    /// <summary>Number of barriers.</summary>
    public int Barriers => Steps.Count(s => s.BarrierBefore);
}
