using VkInception.Graph.Planning;

namespace VkInception.Graph.Training;

/// <summary>The launches of a training step in the order of the program; each gets the first level at which everything it depends on is done.</summary>
internal sealed class LaunchList(IKernelChooser chooser)
{
    private readonly List<PlanStep> steps = [];
    private readonly Dictionary<Storage, List<(TensorView View, int Level)>> reads = [];
    private readonly Dictionary<Storage, List<(TensorView View, int Level)>> writes = [];

    /// <summary>Levels so far.</summary>
    public int Levels { get; private set; }

    /// <summary>Adds the launches of one node, none of them before level <paramref name="first"/>.</summary>
    public void Add(Node? node, Phase phase, IEnumerable<Dispatch> dispatches, int first = 0)
    {
        foreach (Dispatch dispatch in dispatches)
        {
            KernelChoice choice = Resolve(dispatch);
            foreach (ShaderDispatch launch in choice.Launches)
                Add(new PlanStep(node, LevelOf(launch, first), launch, choice.Name, choice.Reason, false) { Phase = phase, Selection = choice.Selection });
        }
    }

    /// <summary>Level by level, the order of the program within each.</summary>
    public List<PlanStep> Levelled() => [.. steps.OrderBy(s => s.Level)];

    private KernelChoice Resolve(Dispatch dispatch)
        => dispatch switch
        {
            ShaderDispatch launch => new KernelChoice(launch.Kernel, [launch], ""),
            ConvolutionDispatch work => chooser.Choose(work),
            ConvolutionBackwardData work => chooser.Choose(work),
            ConvolutionBackwardFilter work => chooser.Choose(work),
            _ => throw new InvalidOperationException($"no runtime for a {dispatch.GetType().Name}"),
        };

    private void Add(PlanStep step)
    {
        steps.Add(step);
        Levels = Math.Max(Levels, step.Level + 1);
        foreach (KernelTensor t in step.Launch.Tensors)
        {
            if (t.Access != Access.Write) Note(reads, t.View, step.Level);
            if (t.Access != Access.Read) Note(writes, t.View, step.Level);
        }
    }

    private int LevelOf(ShaderDispatch launch, int first)
    {
        int level = first;
        foreach (KernelTensor t in launch.Tensors)
        {
            level = Math.Max(level, After(writes, t.View));
            if (t.Access != Access.Read) level = Math.Max(level, After(reads, t.View));
        }
        return level;
    }

    private static int After(Dictionary<Storage, List<(TensorView View, int Level)>> accesses, TensorView view)
    {
        int level = 0;
        if (accesses.TryGetValue(view.Storage, out List<(TensorView View, int Level)>? known))
            foreach ((TensorView other, int at) in known)
                if (at >= level && view.Overlaps(other)) level = at + 1;
        return level;
    }

    private static void Note(Dictionary<Storage, List<(TensorView View, int Level)>> accesses, TensorView view, int level)
    {
        if (!accesses.TryGetValue(view.Storage, out List<(TensorView View, int Level)>? known)) accesses.Add(view.Storage, known = []);
        known.Add((view, level));
    }
}
