using System.Globalization;

namespace VkInception.Weights;

/// <summary>A message of a protobuf text file: its fields in the file's order, without a schema. Immutable: any thread may use it.</summary>
/// <remarks>A field that should stand once but stands several times has its last value, as protobuf merges; nested messages are joined.</remarks>
public sealed class PrototxtMessage
{
    private readonly string source;

    internal PrototxtMessage(string source, int line, IReadOnlyList<PrototxtField> fields)
    {
        this.source = source;
        Line = line;
        Fields = fields;
    }

    /// <summary>Line on which the message begins, from 1.</summary>
    public int Line { get; }

    /// <summary>Every field in the file's order.</summary>
    public IReadOnlyList<PrototxtField> Fields { get; }

    /// <summary>Whether the field stands here at least once.</summary>
    public bool Has(string name) => Fields.Any(f => f.Name == name);

    /// <summary>Every nested message of that name.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.FileDamaged"/>: the field holds no message.</exception>
    public IEnumerable<PrototxtMessage> Messages(string name)
        => All(name).Select(f => f.Message ?? throw Wrong(f, "a message in { }"));

    /// <summary>The nested message of that name (several are joined); null where it is absent.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.FileDamaged"/>: the field holds no message.</exception>
    public PrototxtMessage? Message(string name)
    {
        PrototxtMessage[] parts = [.. Messages(name)];
        return parts.Length switch
        {
            0 => null,
            1 => parts[0],
            _ => new PrototxtMessage(source, parts[0].Line, [.. parts.SelectMany(p => p.Fields)]),
        };
    }

    /// <summary>Every string or word of that name.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.FileDamaged"/>: the field holds something else.</exception>
    public IReadOnlyList<string> Texts(string name) => [.. All(name).Select(TextOf)];

    /// <summary>The string or word of that name; null where it is absent.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.FileDamaged"/>: the field holds something else.</exception>
    public string? Text(string name) => Last(name) is { } field ? TextOf(field) : null;

    /// <summary>Every whole number of that name.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.FileDamaged"/>: the field holds something else.</exception>
    public IReadOnlyList<int> Ints(string name) => [.. All(name).Select(IntOf)];

    /// <summary>The whole number of that name; null where it is absent.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.FileDamaged"/>: the field holds something else.</exception>
    public int? Int(string name) => Last(name) is { } field ? IntOf(field) : null;

    /// <summary>Every number of that name.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.FileDamaged"/>: the field holds something else.</exception>
    public IReadOnlyList<float> Floats(string name) => [.. All(name).Select(FloatOf)];

    /// <summary>The number of that name; null where it is absent.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.FileDamaged"/>: the field holds something else.</exception>
    public float? Float(string name) => Last(name) is { } field ? FloatOf(field) : null;

    /// <summary>The truth value of that name; null where it is absent.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.FileDamaged"/>: the field holds something else.</exception>
    public bool? Bool(string name) => Last(name) is not { } field ? null : field.Kind switch
    {
        PrototxtValueKind.Word when field.Text is "true" or "True" or "t" => true,
        PrototxtValueKind.Word when field.Text is "false" or "False" or "f" => false,
        PrototxtValueKind.Number when field.Text is "1" => true,
        PrototxtValueKind.Number when field.Text is "0" => false,
        _ => throw Wrong(field, "true or false"),
    };

    /// <summary>File and line, for messages.</summary>
    public string Location => $"{source}:{Line}";

    /// <summary>An error that names the file and this message's line.</summary>
    public VkInceptionException Error(ErrorCode code, string message) => new(code, $"{Location}: {message}");

    private IEnumerable<PrototxtField> All(string name) => Fields.Where(f => f.Name == name);

    private PrototxtField? Last(string name) => Fields.LastOrDefault(f => f.Name == name);

    private string TextOf(PrototxtField field)
        => field.Kind is PrototxtValueKind.Text or PrototxtValueKind.Word ? field.Text : throw Wrong(field, "a string or a name");

    private int IntOf(PrototxtField field)
    {
        if (field.Kind != PrototxtValueKind.Number || !TryInteger(field.Text, out long value) || value is < int.MinValue or > int.MaxValue)
            throw Wrong(field, "a whole number of 32 bits");
        return (int)value;
    }

    private float FloatOf(PrototxtField field)
    {
        string text = field.Text;
        if (field.Kind == PrototxtValueKind.Word && text.TrimStart('-') is "inf" or "infinity" or "nan")
            return text.EndsWith("nan", StringComparison.Ordinal) ? float.NaN : text[0] == '-' ? float.NegativeInfinity : float.PositiveInfinity;
        if (field.Kind != PrototxtValueKind.Number) throw Wrong(field, "a number");
        if (TryInteger(text, out long whole)) return whole;
        if (float.TryParse(text.TrimEnd('f', 'F'), NumberStyles.Float, CultureInfo.InvariantCulture, out float value)) return value;
        throw Wrong(field, "a number");
    }

    // C's spellings: decimal, 0x hexadecimal, leading 0 octal.
    private static bool TryInteger(string text, out long value)
    {
        bool negative = text.StartsWith('-');
        string digits = negative ? text[1..] : text;
        bool read = digits switch
        {
            ['0', 'x' or 'X', ..] => long.TryParse(digits.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value),
            ['0', _, ..] => TryOctal(digits, out value),
            _ => long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out value),
        };
        if (negative) value = unchecked(-value);
        return read;
    }

    private static bool TryOctal(string digits, out long value)
    {
        value = 0;
        if (digits.Length > 20) return false;
        foreach (char c in digits)
        {
            if (c is < '0' or > '7') return false;
            value = value * 8 + (c - '0');
        }
        return true;
    }

    private VkInceptionException Wrong(PrototxtField field, string wanted)
        => new(ErrorCode.FileDamaged, $"{source}:{field.Line}: '{field.Name}' must be {wanted}{(field.Message is null ? $", not '{Prototxt.Shorten(field.Text)}'" : ", not a message")}");
}
