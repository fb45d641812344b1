using System.Text;
using VkInception.Cli;
using VkInception.Fuzz.Mutations;

namespace VkInception.Fuzz.Readers;

/// <summary>Files of class names, as <c>--labels</c> takes them.</summary>
internal sealed class LabelsReader() : Reader("labels")
{
    public override IReadOnlyList<byte[]> Seeds { get; } = [.. new[] { "cat\ndog\n", "n01440764 tench, Tinca tinca\nn01443537 goldfish\n", "\uFEFFa\r\n\r\nb" }.Select(Encoding.UTF8.GetBytes)];

    public override IReadOnlyList<Mutation> Grammar { get; } = [new TextMutation("n01440764 ", "\r\n", "\u001b[2J")];

    public override string Read(byte[] input) => $"labels {Math.Min(Labels.Read(Scratch.Write("labels.txt", input)).Count, 9)}";
}
