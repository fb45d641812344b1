using System.Security.Cryptography;
using System.Text;
using VkInception.Fuzz.Mutations;
using VkInception.Tuning;

namespace VkInception.Fuzz.Readers;

/// <summary><see cref="TuningFile"/>: what it does not like it ignores with a line, never with an exception.</summary>
internal sealed class TuningReader() : Reader("tuning")
{
    private const int HeaderBytes = 21 + 64 + 1;

    public override IReadOnlyList<byte[]> Seeds => field ??= [Written()];

    public override IReadOnlyList<Mutation> Grammar { get; } = [new TextMutation("\"kernel\"", "\"milliseconds\"", "\"runnerUp\"", "\"heuristic\"", "\"plain-7x1\"", "null", "{}", "1e999")];

    public override string Read(byte[] input)
    {
        IReadOnlyDictionary<string, TunedKernel> entries = new TuningFile(Scratch.Write("tuning.json", input)).Read(out string? problem);
        if (problem is not null) throw new VkInceptionException(ErrorCode.FileDamaged, problem);
        foreach (TunedKernel kernel in entries.Values)
        {
            _ = kernel.Describe();
            _ = kernel.Selection;
        }
        return $"entries {Math.Min(entries.Count, 5)}";
    }

    public override byte[] Seal(byte[] input)
    {
        if (input.Length < HeaderBytes) return input;
        byte[] body = input[HeaderBytes..];
        return [.. Encoding.ASCII.GetBytes($"vkinception-tuning-1 {Convert.ToHexStringLower(SHA256.HashData(body))}\n"), .. body];
    }

    private static byte[] Written()
    {
        string path = Scratch.PathOf("seed-tuning.json");
        new TuningFile(path).Merge(new Dictionary<string, TunedKernel>
        {
            ["one"] = new("plain-7x1", 1.5, "uniform-14x4", 2, "plain-7x1", 1.5),
            ["two"] = new("broadcast2-14x8", 0.5, null, null, "uniform-14x4", 0.75),
        });
        return File.ReadAllBytes(path);
    }
}
