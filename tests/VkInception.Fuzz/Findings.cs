using System.Security.Cryptography;

namespace VkInception.Fuzz;

/// <summary>Keeps bad inputs, one for each way to fail, made small, with what happened beside it.</summary>
internal sealed class Findings(string folder, Reader reader, Judge judge, Trial trial)
{
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);

    public void Add(byte[] input, Outcome outcome)
    {
        if (!seen.Add(outcome.Key)) return;
        byte[] small = outcome.Key.StartsWith("time", StringComparison.Ordinal) ? input : Minimizer.Shrink(input, i => IsSame(i, outcome));
        Write(folder, reader.Name, small, outcome.Detail);
    }

    private bool IsSame(byte[] input, Outcome outcome)
    {
        trial.Begin(input);
        return judge.Try(input) is { Kind: OutcomeKind.Bad } again && again.Key == outcome.Key;
    }

    /// <summary>Writes an input and its story.</summary>
    public static string Write(string folder, string reader, byte[] input, string story)
    {
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, $"{reader}-{Convert.ToHexStringLower(SHA256.HashData(input))[..12]}");
        File.WriteAllBytes($"{path}.bin", input);
        File.WriteAllText($"{path}.txt", story + "\n");
        return path;
    }

    /// <summary>FNV-1a: the same number in every process, unlike a string's own hash.</summary>
    public static int Digest(string text) => unchecked((int)text.Aggregate(2_166_136_261u, (hash, c) => unchecked((hash ^ c) * 16_777_619u)));
}
