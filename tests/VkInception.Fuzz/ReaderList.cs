using VkInception.Fuzz.Readers;

namespace VkInception.Fuzz;

/// <summary>Every reader of the library that opens what somebody else wrote.</summary>
internal static class ReaderList
{
    public static IReadOnlyList<Reader> All { get; } =
    [
        .. CheckpointReader.All, new TfjsModelReader(), .. TableReader.All, new PickleReader(), new WeightsReader(), new ForeignNamesReader(),
        new OnnxGraphReader(), new CaffeGraphReader(), new SolverReader(),
        .. PictureReader.All,
        .. IdxReader.All, new CifarReader(), new ListReader(), new LabelsReader(),
        new TrainingCheckpointReader(), new LogReader(), new TuningReader(), new PipelineCacheReader(), new SpirvReader(),
    ];

    public static Reader? Find(string name) => All.FirstOrDefault(r => r.Name == name);

    public static int Print()
    {
        foreach (Reader reader in All) Console.WriteLine(reader.Name);
        return 0;
    }
}
