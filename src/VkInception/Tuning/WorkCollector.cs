using VkInception.Graph;

namespace VkInception.Tuning;

/// <summary>Chooses as another does, and remembers what there was to choose for.</summary>
internal sealed class WorkCollector(IKernelChooser chooser) : IKernelChooser
{
    private readonly List<TuningWork> works = [];

    /// <summary>The distinct works in the order of the plan, each with how often it occurs.</summary>
    public IReadOnlyList<TuningWork> Works => works;

    public KernelChoice Choose(ConvolutionDispatch work) => Note(work, chooser.Choose(work));

    public KernelChoice Choose(ConvolutionBackwardData work) => Note(work, chooser.Choose(work));

    public KernelChoice Choose(ConvolutionBackwardFilter work) => Note(work, chooser.Choose(work));

    private KernelChoice Note(Dispatch work, KernelChoice choice)
    {
        string key = WorkKey.Of(work);
        int known = works.FindIndex(w => w.Key == key);
        if (known < 0) works.Add(new TuningWork(key, work, 1));
        else works[known] = works[known] with { Count = works[known].Count + 1 };
        return choice;
    }
}
