using System.Text;
using VkInception.Fuzz.Mutations;
using VkInception.Imaging.Datasets;

namespace VkInception.Fuzz.Readers;

/// <summary>List files: paths and labels; a few of the files that they name are looked for.</summary>
internal sealed class ListReader() : Reader("list")
{
    public override IReadOnlyList<byte[]> Seeds { get; } = [.. new[]
    {
        "a.png 0\nb.png 1\nc.png 1\n", "a.png\tcat\nsub/b c.png\tdog\n../x.png\tcat\n", "\uFEFFa.png n01440764\r\n/b.png n01443537\r\n\r\n", "a.png 5\nb.png 0\n",
    }.Select(Encoding.UTF8.GetBytes)];

    public override IReadOnlyList<Mutation> Grammar { get; } = [new TextMutation("a.png", "../..", "/dev/null", "/", ".", "\t0", " 1", "65535", "65536", "2147483647", "cat", "\r\n")];

    public override string Read(byte[] input)
    {
        Dataset data = Dataset.Open(Scratch.Write("list.txt", input));
        // Nothing of what it names is there; a name that no file can have must be told as well.
        DatasetReport? report = data.Count < 8 ? data.Validate(1) : null;
        return $"images {Math.Min(data.Count, 9)} classes {Math.Min(data.ClassNames.Count, 6)} unreadable {report?.Unreadable.Count}";
    }
}
