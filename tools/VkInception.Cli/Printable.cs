namespace VkInception.Cli;

/// <summary>Text from files and file names, made fit to be shown: it neither breaks a line nor steers the terminal.</summary>
internal static class Printable
{
    /// <summary>Every control character becomes a question mark.</summary>
    public static string Of(string text) =>
        text.Any(char.IsControl) ? string.Create(text.Length, text, (line, source) =>
        {
            for (int i = 0; i < line.Length; i++)
                line[i] = char.IsControl(source[i]) ? '?' : source[i];
        }) : text;

    /// <summary>The same for messages, whose lines are joined.</summary>
    public static string OneLine(string message) =>
        Of(string.Join("; ", message.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)));
}
