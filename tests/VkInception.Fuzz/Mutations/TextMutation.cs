using System.Text;
using System.Text.RegularExpressions;

namespace VkInception.Fuzz.Mutations;

/// <summary>Edits text by its words, numbers, strings and marks: JSON, prototxt, Python's literals, lists.</summary>
/// <param name="words">Words of the format.</param>
internal sealed partial class TextMutation(params string[] words) : Mutation
{
    private const int MostTokens = 20_000;

    private static readonly string[] common =
    [
        "null", "true", "false", "\"\"", "\"x\"", "{}", "[]", "{", "}", "[", "]", ",", ":", "(", ")", "\n", "1e400", "-1e-400", "NaN", "inf", "-", "0x", "1.5", "\"\\u0000\"", "\"\\ud800\"",
        "\"a\\nb\"", "'", "\"", "\\", "\t", "\0", "\u001b[31m", "é", "\u00ff\u00fe",
    ];

    public override byte[]? Apply(byte[] input, Random random, byte[] other)
    {
        string text = Encoding.Latin1.GetString(input);
        if (text.Length > 1 << 18) return null;
        List<string> tokens = [.. Token().Matches(text).Select(m => m.Value)];
        if (tokens.Count is 0 or > MostTokens) return null;
        int at = random.Next(tokens.Count), count = Math.Min(random.Next(1, 12), tokens.Count - at);
        switch (random.Next(9))
        {
            case 0: tokens[Near(tokens, at, t => char.IsAsciiDigit(t[^1]))] = $"{Number(random, at)}"; break;
            case 1: tokens[at] = Word(random); break;
            case 2: tokens.RemoveRange(at, count); break;
            case 3: tokens.InsertRange(at, tokens.GetRange(at, count)); break;
            case 4: tokens.InsertRange(random.Next(tokens.Count), tokens.GetRange(at, count)); break;
            case 5: tokens.Insert(at, Word(random)); break;
            case 6: tokens.InsertRange(at, Enumerable.Repeat(tokens[at], Times(random, 100, 5000, tokens[at].Length))); break;
            case 7: Nest(tokens, at, count, random); break;
            default: tokens[Near(tokens, at, t => t[0] is '"' or '\'')] = Quoted(random); break;
        }
        return Encoding.Latin1.GetBytes(string.Concat(tokens));
    }

    private static int Near(List<string> tokens, int at, Predicate<string> wanted)
    {
        int found = tokens.FindIndex(at, wanted);
        return found >= 0 ? found : at;
    }

    private string Word(Random random) => words.Length > 0 && random.Next(2) == 0 ? words[random.Next(words.Length)] : common[random.Next(common.Length)];

    private string Quoted(Random random) => random.Next(4) switch
    {
        0 => $"\"{new string('x', random.Next(random.Next(8) == 0 ? 100_000 : 2000))}\"",
        1 => $"\"{Number(random, 1)}\"",
        2 => $"\"{(char)random.Next(1, 256)}\"",
        _ => $"\"{Word(random).Trim('"')}\"",
    };

    private static void Nest(List<string> tokens, int at, int count, Random random)
    {
        int depth = random.Next(1, random.Next(16) == 0 ? 10_000 : 80);
        (string open, string close) = random.Next(3) switch { 0 => ("[", "]"), 1 => ("{\"a\":", "}"), _ => ("a{", "}") };
        tokens.Insert(at + count, string.Concat(Enumerable.Repeat(close, depth)));
        tokens.Insert(at, string.Concat(Enumerable.Repeat(open, depth)));
    }

    [GeneratedRegex("\"[^\"\\n]*\"|'[^'\\n]*'|-?[0-9][0-9A-Za-z.+]*|[A-Za-z_][A-Za-z_0-9]*|[ \\t]+|[\\s\\S]", RegexOptions.CultureInvariant)]
    private static partial Regex Token();
}
