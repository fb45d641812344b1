namespace VkInception.Graph.Planning;

/// <summary>One launch in its place.</summary>
/// <param name="Node">The node that it computes; null for the update of all weights.</param>
/// <param name="Level">Launches of one level do not depend on each other.</param>
/// <param name="Launch">What runs.</param>
/// <param name="Kernel">The name of the kernel that was chosen.</param>
/// <param name="Reason">Why that kernel; empty where there is only one.</param>
/// <param name="BarrierBefore">Whether earlier launches must finish first.</param>
public sealed record PlanStep(Node? Node, int Level, ShaderDispatch Launch, string Kernel, string Reason, bool BarrierBefore)
{
    /// <summary>The part of the run.</summary>
    public Phase Phase { get; init; }

    /// <summary>How the kernel was chosen; null where there is only one.</summary>
    public KernelSelection? Selection { get; init; }

    /// <summary>The node's name.</summary>
    public string Name => Node?.Name ?? "all weights";

    /// <summary>The operation's type, with the phase where it is not the forward pass.</summary>
    public string Work => Phase == Phase.Forward && Node is not null ? Node.Op.Type : $"{Node?.Op.Type} {Phase}".Trim();
}
