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

/// <summary>One launch in its place.</summary>
/// <param name="Node">The node that it computes.</param>
/// <param name="Level">Launches of one level do not depend on each other.</param>
/// <param name="Launch">What runs.</param>
/// <param name="Kernel">The name of the kernel that was chosen.</param>
/// <param name="Reason">Why that kernel; empty where there is only one.</param>
/// <param name="BarrierBefore">Whether earlier launches must finish first.</param>
public sealed record PlanStep(Node Node, int Level, ShaderDispatch Launch, string Kernel, string Reason, bool BarrierBefore);

/// <summary>A block of the arena.</summary>
/// <param name="Storage">What lies there.</param>
/// <param name="Offset">First byte in the arena.</param>
/// <param name="Bytes">Size in bytes.</param>
/// <param name="FirstLevel">First level that writes it.</param>
/// <param name="LastLevel">Last level that reads it; blocks that live to the end have the number of levels.</param>
public sealed record PlacedBlock(Storage Storage, long Offset, long Bytes, int FirstLevel, int LastLevel);
