namespace VkInception;

/// <summary>The one exception that the library throws on purpose: a stable code and one line that says what, where and what to do. Immutable: any thread may use it.</summary>
/// <remarks>The line holds whatever a file or a path quoted in it does: <see cref="OneLine"/> is applied to every message.</remarks>
public sealed class VkInceptionException : Exception
{
    private const int Longest = 4000;

    /// <summary>An error with its code and its line.</summary>
    public VkInceptionException(ErrorCode code, string message, Exception? inner = null)
        : base(OneLine(message), inner) => Code = code;

    /// <summary>What went wrong; stable across versions.</summary>
    public ErrorCode Code { get; }

    /// <summary>Text as one line that does not steer a terminal: line ends become spaces, other control characters and marks of writing direction question marks; at most 4000 characters.</summary>
    public static string OneLine(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length <= Longest && !text.AsSpan().ContainsAnyExceptInRange(' ', '~')) return text;
        string shorter = text.Length <= Longest ? text : $"{text.AsSpan(0, Longest - 1)}…";
        string line = shorter.ReplaceLineEndings(" ");
        return line.Any(Steers) ? string.Concat(line.Select(c => Steers(c) ? '?' : c)) : line;
    }

    // Overrides and isolates of direction (Unicode, annex 9) make a name look like another.
    private static bool Steers(char c) => char.IsControl(c) || c is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
