using System.Text;

namespace VkInception.Weights;

/// <summary>Parses protobuf's text format into messages, with bounded depth.</summary>
internal sealed class PrototxtReader(PrototxtTokens tokens, string source)
{
    private const int DeepestNesting = 64;

    public PrototxtMessage ReadAll()
    {
        tokens.Advance();
        return ReadMessage('\0', 1, 0);
    }

    private PrototxtMessage ReadMessage(char close, int line, int depth)
    {
        if (depth > DeepestNesting)
            throw new VkInceptionException(ErrorCode.FileRefused, $"{source}:{line}: messages are nested deeper than {DeepestNesting}");
        var fields = new List<PrototxtField>();
        while (!AtEnd(close, line))
        {
            ReadField(fields, depth);
            if (tokens.Is(',') || tokens.Is(';')) tokens.Advance();
        }
        return new PrototxtMessage(source, line, fields);
    }

    private bool AtEnd(char close, int line)
    {
        if (tokens.Kind == PrototxtTokenKind.End)
            return close == '\0' ? true : throw tokens.Error($"the file ends inside the message that begins on line {line}; '{close}' is missing");
        return close != '\0' && tokens.Is(close);
    }

    private void ReadField(List<PrototxtField> fields, int depth)
    {
        if (tokens.Kind != PrototxtTokenKind.Word) throw tokens.Unexpected("a field name");
        string name = tokens.Text;
        int line = tokens.Line;
        tokens.Advance();
        bool colon = tokens.Is(':');
        if (colon) tokens.Advance();
        if (tokens.Is('[')) ReadList(fields, name, line, depth);
        else fields.Add(ReadValue(name, line, colon, depth));
    }

    private void ReadList(List<PrototxtField> fields, string name, int line, int depth)
    {
        tokens.Advance();
        while (!tokens.Is(']'))
        {
            fields.Add(ReadValue(name, line, true, depth));
            if (tokens.Is(',')) tokens.Advance();
            else if (!tokens.Is(']')) throw tokens.Unexpected($"',' or ']' in the list of '{Prototxt.Shorten(name)}'");
        }
        tokens.Advance();
    }

    private PrototxtField ReadValue(string name, int line, bool colon, int depth)
    {
        if (tokens.Is('{') || tokens.Is('<'))
        {
            char close = tokens.Is('{') ? '}' : '>';
            int opened = tokens.Line;
            tokens.Advance();
            PrototxtMessage message = ReadMessage(close, opened, depth + 1);
            tokens.Advance();
            return new PrototxtField(name, PrototxtValueKind.Message, "", message, line);
        }
        if (!colon) throw tokens.Unexpected($"':' or '{{' after '{Prototxt.Shorten(name)}'");
        return new PrototxtField(name, KindOf(name), ReadScalar(), null, line);
    }

    private PrototxtValueKind KindOf(string name) => tokens.Kind switch
    {
        PrototxtTokenKind.Text => PrototxtValueKind.Text,
        PrototxtTokenKind.Number => PrototxtValueKind.Number,
        PrototxtTokenKind.Word => PrototxtValueKind.Word,
        _ => throw tokens.Unexpected($"a value for '{Prototxt.Shorten(name)}'"),
    };

    private string ReadScalar()
    {
        string text = tokens.Text;
        bool quoted = tokens.Kind == PrototxtTokenKind.Text;
        tokens.Advance();
        if (!quoted || tokens.Kind != PrototxtTokenKind.Text) return text;
        var joined = new StringBuilder(text);
        for (; tokens.Kind == PrototxtTokenKind.Text; tokens.Advance()) joined.Append(tokens.Text);
        return joined.ToString();
    }
}
