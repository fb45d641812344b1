using System.Globalization;

namespace VkInception.Benchmarks.Suite;

/// <summary>Reads options.</summary>
internal static class Words
{
    public static string Value(string option, Queue<string> rest)
        => rest.TryDequeue(out string? value) ? value : throw new VkInceptionException(ErrorCode.InvalidArgument, $"{option}: a value is missing");

    public static int Number(string option, Queue<string> rest)
    {
        string text = Value(option, rest);
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value)
            ? value : throw new VkInceptionException(ErrorCode.InvalidArgument, $"{option} {text}: a whole number is wanted");
    }

    public static VkInceptionException Unknown(string word) => new(ErrorCode.InvalidArgument, $"{word}: no such option; see benchmarks/README.md");
}
