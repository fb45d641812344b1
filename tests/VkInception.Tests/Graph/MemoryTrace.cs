using VkInception.Graph;
using VkInception.Graph.Planning;

namespace VkInception.Tests.Graph;

/// <summary>Goes through a plan's launches element by element: which touch what another touched without a barrier between, and which read what nobody wrote.</summary>
/// <remarks>The validation layer does not see what kernels touch through addresses, so this is where it is held.</remarks>
internal sealed class MemoryTrace
{
    private readonly Dictionary<Storage, long> starts;
    private readonly Dictionary<Storage, int> numbers = [];
    // By element of the arena, then of each resident block: the stretch between barriers in which it was last written, and last read; whose content it is.
    private readonly int[] written, read, owner;
    private int stretch = 1;

    /// <param name="plan">What runs.</param>
    /// <param name="full">Resident blocks with content from the start.</param>
    public MemoryTrace(ExecutionPlan plan, params IEnumerable<Storage> full)
    {
        starts = plan.Blocks.ToDictionary(b => b.Storage, b => b.Offset / sizeof(float));
        long end = plan.ArenaBytes / sizeof(float);
        foreach (Storage storage in plan.Steps.SelectMany(s => s.Launch.Tensors).Select(t => t.View.Storage).Where(s => s.IsResident))
        {
            if (!starts.TryAdd(storage, end)) continue;
            end += storage.Elements;
        }
        written = new int[end];
        read = new int[end];
        owner = new int[end];
        foreach (Storage storage in plan.Network.Inputs.Select(t => plan.Views[t].Storage).Concat(full.Where(starts.ContainsKey))) Own(storage, 0, storage.Elements);
    }

    /// <summary>Launches that touch an element which another wrote, or write one which another read, since the last barrier.</summary>
    public List<string> Races { get; } = [];

    /// <summary>Launches that read an element of a block which nobody wrote, or over which another block was written since.</summary>
    public List<string> Unwritten { get; } = [];

    /// <summary>Declares that elements have content which no launch writes: a gap between two gradients, zero from the start.</summary>
    public void Own(Storage storage, long first, long end) => owner.AsSpan((int)(starts[storage] + first), (int)(end - first)).Fill(NumberOf(storage));

    /// <summary>Whether all of a view was written.</summary>
    public bool IsWritten(TensorView view) => Runs(view).All(run => !owner.AsSpan(run.Start, run.Length).ContainsAnyExcept(NumberOf(view.Storage)));

    public MemoryTrace Run(IEnumerable<PlanStep> steps)
    {
        foreach (PlanStep step in steps) Run(step);
        return this;
    }

    private void Run(PlanStep step)
    {
        if (step.BarrierBefore) stretch++;
        bool races = false, stray = false;
        foreach (KernelTensor t in step.Launch.Tensors)
            foreach ((int start, int length) in Runs(t.View))
            {
                races |= written.AsSpan(start, length).Contains(stretch) || (t.Access != Access.Read && read.AsSpan(start, length).Contains(stretch));
                stray |= t.Access != Access.Write && owner.AsSpan(start, length).ContainsAnyExcept(NumberOf(t.View.Storage));
            }
        foreach (KernelTensor t in step.Launch.Tensors)
            foreach ((int start, int length) in Runs(t.View))
            {
                if (t.Access != Access.Write) read.AsSpan(start, length).Fill(stretch);
                if (t.Access == Access.Read) continue;
                written.AsSpan(start, length).Fill(stretch);
                owner.AsSpan(start, length).Fill(NumberOf(t.View.Storage));
            }
        if (races) Races.Add($"{step.Name} {step.Work}");
        if (stray) Unwritten.Add($"{step.Name} {step.Work}");
    }

    /// <summary>The stretches of elements that a view consists of.</summary>
    private IEnumerable<(int Start, int Length)> Runs(TensorView view)
    {
        int start = (int)(starts[view.Storage] + view.Offset);
        if (view.IsDense) return [(start, (int)view.Extent)];
        return Enumerable.Range(0, (int)view.Rows).Select(row => (start + row * view.RowStride, view.RowLength));
    }

    private int NumberOf(Storage storage)
    {
        if (!numbers.TryGetValue(storage, out int number)) numbers.Add(storage, number = numbers.Count + 1);
        return number;
    }
}
