using System.Text;

namespace VkInception.Weights;

/// <summary>Splits protobuf's text format into tokens, one at a time; comments and white space between them vanish.</summary>
internal sealed class PrototxtTokens(string text, string source)
{
    private int position;
    private int line = 1;

    public PrototxtTokenKind Kind { get; private set; }

    public string Text { get; private set; } = "";

    /// <summary>Line on which the current token begins.</summary>
    public int Line { get; private set; } = 1;

    public bool Is(char mark) => Kind == PrototxtTokenKind.Mark && Text[0] == mark;

    public void Advance()
    {
        SkipSpace();
        Line = line;
        if (position == text.Length)
        {
            Set(PrototxtTokenKind.End, "");
            return;
        }
        char c = text[position];
        if (c is '"' or '\'') Set(PrototxtTokenKind.Text, ReadString(c));
        else if (IsWordStart(c)) Set(PrototxtTokenKind.Word, ReadWhile(IsWord));
        else if (char.IsAsciiDigit(c) || c is '.' or '-' or '+') ReadNumber(c);
        else if ("{}<>[]:,;".Contains(c, StringComparison.Ordinal)) Set(PrototxtTokenKind.Mark, text.Substring(position++, 1));
        else throw Error($"the character '{Prototxt.Shorten(c.ToString())}' (U+{(int)c:X4}) does not belong in protobuf text");
    }

    public VkInceptionException Error(string message) => new(ErrorCode.FileDamaged, $"{source}:{Line}: {message}");

    public VkInceptionException Unexpected(string wanted)
        => Error($"{wanted} is wanted, {(Kind == PrototxtTokenKind.End ? "the file ends" : $"'{Prototxt.Shorten(Text)}' stands")} there");

    private void Set(PrototxtTokenKind kind, string value) => (Kind, Text) = (kind, value);

    private void SkipSpace()
    {
        for (; position < text.Length; position++)
        {
            char c = text[position];
            if (c == '#')
            {
                int end = text.IndexOf('\n', position);
                position = end < 0 ? text.Length : end;
                if (position == text.Length) return;
                c = '\n';
            }
            if (c == '\n') line++;
            else if (c is not (' ' or '\t' or '\r' or '\v' or '\f' or '\uFEFF')) return;
        }
    }

    private static bool IsWordStart(char c) => char.IsAsciiLetter(c) || c == '_';

    private static bool IsWord(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    private string ReadWhile(Func<char, bool> belongs)
    {
        int start = position;
        while (position < text.Length && belongs(text[position])) position++;
        return text[start..position];
    }

    private void ReadNumber(char first)
    {
        string sign = "";
        if (first is '-' or '+')
        {
            sign = first == '-' ? "-" : "";
            position++;
            SkipSpace();
        }
        string digits = ReadWhile(c => char.IsAsciiLetterOrDigit(c) || c == '.' || (c is '-' or '+' && FollowsExponent()));
        if (digits.Length == 0) throw Error("a number is wanted behind the sign");
        Set(IsWordStart(digits[0]) ? PrototxtTokenKind.Word : PrototxtTokenKind.Number, sign + digits);
    }

    // A sign inside a number belongs to it only behind the exponent's e, which must follow a digit or a point.
    private bool FollowsExponent()
        => position > 1 && text[position - 1] is 'e' or 'E' && (char.IsAsciiDigit(text[position - 2]) || text[position - 2] == '.');

    private string ReadString(char quote)
    {
        var value = new StringBuilder();
        for (position++; ; position++)
        {
            if (position >= text.Length || text[position] == '\n') throw Error("a string is not closed on its line");
            char c = text[position];
            if (c == quote) break;
            value.Append(c == '\\' ? ReadEscape() : c);
        }
        position++;
        return value.ToString();
    }

    // Leaves the position on the escape's last character.
    private char ReadEscape()
    {
        if (++position >= text.Length) throw Error("a string is not closed on its line");
        char c = text[position];
        switch (c)
        {
            case 'a': return '\a';
            case 'b': return '\b';
            case 'f': return '\f';
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case 'v': return '\v';
            case '\\' or '\'' or '"' or '?': return c;
            case 'x' or 'X':
                position++;
                return ReadCode(16, 2);
            case >= '0' and <= '7': return ReadCode(8, 3);
            default: throw Error($"the escape '\\{Prototxt.Shorten(c.ToString())}' is unknown");
        }
    }

    private char ReadCode(int radix, int most)
    {
        int value = 0, digits = 0;
        for (; digits < most && position < text.Length && Digit(text[position]) < radix; digits++, position++)
            value = value * radix + Digit(text[position]);
        if (digits == 0) throw Error("an escape has no digits");
        position--;
        return (char)value;
    }

    private static int Digit(char c) => char.IsAsciiHexDigit(c) ? Convert.ToInt32(c.ToString(), 16) : int.MaxValue;
}
