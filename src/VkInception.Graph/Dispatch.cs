using System.Collections.Immutable;

namespace VkInception.Graph;

/// <summary>Work of one kernel as data: which tensors it reads and writes.</summary>
public abstract record Dispatch
{
    /// <summary>Everything that it reads and writes.</summary>
    public abstract ImmutableArray<KernelTensor> Tensors { get; }

    /// <summary>The kernel's name in plans and traces.</summary>
    public abstract string Kernel { get; }
}
