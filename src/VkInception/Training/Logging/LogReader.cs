using System.Collections.Immutable;
using System.Text.Json;

namespace VkInception.Training;

/// <summary>Reads <c>log.jsonl</c> line by line, however long it is and whatever happened to it.</summary>
internal sealed class LogReader(Stream stream)
{
    /// <summary>A line of more bytes is not the log's.</summary>
    public const int MaxLine = 1 << 22;

    // No line of the log is shorter: {"kind":"step"} alone has more.
    private const int ShortestLine = 15;

    private byte[] buffer = new byte[1 << 16];
    private int begin;
    private int end;

    /// <summary>Bytes of the lines read so far.</summary>
    public long Position { get; private set; }

    /// <summary>The next line.</summary>
    /// <param name="line">What it says; null where it cannot be read.</param>
    /// <param name="bytes">The line with its end.</param>
    /// <returns>False at the end of the file, and at a last line that was not finished.</returns>
    public bool TryRead(out LogLine? line, out ReadOnlySpan<byte> bytes)
    {
        line = null;
        bytes = default;
        int searched = 0;
        int length;
        while ((length = buffer.AsSpan(begin + searched, end - begin - searched).IndexOf((byte)'\n')) < 0)
        {
            searched = end - begin;
            if (searched > MaxLine || !Fill())
                return false;
        }
        bytes = buffer.AsSpan(begin, searched + length + 1);
        line = Parse(bytes);
        begin += bytes.Length;
        Position += bytes.Length;
        return true;
    }

    private bool Fill()
    {
        if (begin > 0)
        {
            buffer.AsSpan(begin, end - begin).CopyTo(buffer);
            (begin, end) = (0, end - begin);
        }
        if (end == buffer.Length)
            Array.Resize(ref buffer, 2 * buffer.Length);
        int read = stream.Read(buffer.AsSpan(end));
        end += read;
        return read > 0;
    }

    private static LogLine? Parse(ReadOnlySpan<byte> bytes)
    {
        // The serializer's exceptions take far more time and memory than such lines have bytes.
        bytes = bytes.Trim(" \t\r\n"u8);
        if (bytes.Length < ShortestLine || bytes[0] != '{') return null;
        try
        {
            return Whole(JsonSerializer.Deserialize(bytes, TrainingJson.Default.LogLine));
        }
        // NotSupportedException is the serializer's answer to an object that names no kind.
        catch (Exception e) when (e is JsonException or NotSupportedException)
        {
            return null;
        }
    }

    // The serializer refuses null where a property may not be, but not within lists, and leaves it where the file lacks the property.
    private static LogLine? Whole(LogLine? line)
    {
        if (line is not RunRecord run) return line;
        run = run with { Options = run.Options ?? ImmutableSortedDictionary<string, string>.Empty };
        return run.Classes.All(c => c is not null) && run.Options.Values.All(v => v is not null) ? run : null;
    }
}
