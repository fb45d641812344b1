using VkInception.Fuzz.Mutations;
using VkInception.Imaging.Datasets;

namespace VkInception.Fuzz.Readers;

/// <summary>MNIST's files, plain and gzipped: images beside sound labels, labels beside sound images.</summary>
internal sealed class IdxReader : Reader
{
    private static readonly byte[] images = [0, 0, 8, 3, 0, 0, 0, 4, 0, 0, 0, 3, 0, 0, 0, 2, .. Enumerable.Range(0, 24).Select(i => (byte)i)];
    private static readonly byte[] labels = [0, 0, 8, 1, 0, 0, 0, 4, 0, 1, 0, 1];
    private static readonly Mutation numbers = new NumberMutation(true, (0, 4), (4, 4), (8, 4), (12, 4));
    private readonly string file;
    private bool prepared;

    private IdxReader(string name, string file, byte[] seed, Mutation mutation)
        : base(name)
    {
        this.file = file;
        Seeds = [seed];
        Grammar = [mutation];
    }

    public static IReadOnlyList<Reader> All { get; } =
    [
        new IdxReader("idx", "train-images-idx3-ubyte", images, numbers),
        new IdxReader("idx-gz", "train-images-idx3-ubyte.gz", GzipMutation.Pack(images), new GzipMutation(numbers)),
        new IdxReader("idx-labels", "train-labels-idx1-ubyte", labels, numbers),
    ];

    public override IReadOnlyList<byte[]> Seeds { get; }

    public override IReadOnlyList<Mutation> Grammar { get; }

    public override string Read(byte[] input)
    {
        string folder = Scratch.Folder(Name);
        if (!prepared)
        {
            if (Name != "idx-labels") Scratch.Write($"{Name}/train-labels-idx1-ubyte", labels);
            else Scratch.Write($"{Name}/train-images-idx3-ubyte", images);
            prepared = true;
        }
        Scratch.Write($"{Name}/{file}", input);
        Dataset data = Dataset.Open(folder);
        return $"images {Math.Min(data.Count, 9)} classes {Math.Min(data.ClassNames.Count, 5)}";
    }
}
