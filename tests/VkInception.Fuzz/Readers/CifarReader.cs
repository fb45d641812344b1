using VkInception.Fuzz.Mutations;
using VkInception.Imaging.Datasets;

namespace VkInception.Fuzz.Readers;

/// <summary>CIFAR-10's records.</summary>
internal sealed class CifarReader() : Reader("cifar")
{
    private const int Record = 3073;

    public override IReadOnlyList<byte[]> Seeds { get; } = [[.. Enumerable.Range(0, 20).SelectMany(i => (IEnumerable<byte>)[(byte)(i % 10), .. Enumerable.Repeat((byte)(12 * i), Record - 1)])]];

    public override IReadOnlyList<Mutation> Grammar { get; } = [new ChunkMutation(file => Enumerable.Repeat(Record, file.Length / Record), 0, 2)];

    public override string Read(byte[] input)
    {
        string folder = Scratch.Folder("cifar");
        Scratch.Write("cifar/data_batch_1.bin", input);
        Dataset data = Dataset.Open(folder, new DatasetOptions { Format = DatasetFormat.Cifar10 });
        return $"images {Math.Min(data.Count, 30)}";
    }
}
