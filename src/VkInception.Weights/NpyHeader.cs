using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace VkInception.Weights;

/// <summary>The header of an <c>.npy</c> array (NEP 1, versions 1 to 3): type, order and shape, and where the elements start.</summary>
internal sealed record NpyHeader(ElementType Type, bool BigEndian, bool FortranOrder, ImmutableArray<int> Shape, int DataOffset)
{
    // NumPy's own reader stops at 10,000 bytes unless the file is trusted.
    private const int MaxLength = 1 << 16;

    /// <summary>Bytes of the elements.</summary>
    public long ByteLength => TensorShape.TryCount(Shape, Type.Size(), out long count) ? count * Type.Size() : 0;

    /// <summary>Whether a file starts as an array does.</summary>
    public static bool Matches(ReadOnlySpan<byte> head) => head.StartsWith((ReadOnlySpan<byte>)[0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y']);

    /// <summary>Reads the header at the start of <paramref name="stream"/>, which has <paramref name="length"/> bytes;
    /// <paramref name="what"/> begins the messages: what the array is called within the file.</summary>
    public static NpyHeader Read(CheckpointFile file, string what, Stream stream, long length)
    {
        Span<byte> start = stackalloc byte[12];
        if (length < start.Length)
            throw file.Damaged($"{what} has {length} bytes, too few for an .npy header.");
        stream.ReadExactly(start);
        if (!Matches(start))
            throw file.Damaged($"{what} does not start as an .npy array does.");
        int version = start[6];
        if (version is < 1 or > 3)
            throw file.Unsupported($"{what} is of .npy version {version}; versions 1 to 3 are read.");
        int prefix = version == 1 ? 10 : 12;
        long claimed = version == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(start[8..]) : BinaryPrimitives.ReadUInt32LittleEndian(start[8..]);
        if (claimed > length - prefix || claimed > MaxLength || claimed < 2)
            throw file.Damaged($"{what} claims an .npy header of {claimed} bytes, with {length - prefix} bytes left.");
        var text = new byte[claimed];
        start[prefix..].CopyTo(text);
        stream.ReadExactly(text.AsSpan(start.Length - prefix));
        return Parse(file, what, Encoding.Latin1.GetString(text), prefix + (int)claimed);
    }

    // The header is a Python dictionary of exactly three keys, in any order: {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }
    private static NpyHeader Parse(CheckpointFile file, string what, string text, int dataOffset)
    {
        string descr = Value(file, what, text, "descr");
        string order = Value(file, what, text, "fortran_order");
        string shape = Value(file, what, text, "shape");
        if (descr.Length < 2 || descr[0] is not ('\'' or '"') || descr[^1] != descr[0])
            throw file.Unsupported($"{what} is a structured array ({descr}); only plain numbers are read.");
        (ElementType type, bool bigEndian) = ParseType(file, what, descr[1..^1]);
        bool fortran = order switch
        {
            "True" => true,
            "False" => false,
            _ => throw file.Damaged($"{what} has an .npy header whose fortran_order is '{order}'."),
        };
        return new(type, bigEndian, fortran, ParseShape(file, what, shape, type), dataOffset);
    }

    private static string Value(CheckpointFile file, string what, string text, string key)
    {
        int at = text.IndexOf($"'{key}'", StringComparison.Ordinal);
        int colon = at < 0 ? -1 : text.IndexOf(':', at);
        if (!text.StartsWith('{') || !text.TrimEnd().EndsWith('}') || colon != at + key.Length + 2)
            throw file.Damaged($"{what} has an .npy header without '{key}'.");
        ReadOnlySpan<char> rest = text.AsSpan(colon + 1).TrimStart();
        int end = rest.StartsWith("(") ? rest.IndexOf(')') + 1 : rest.IndexOfAny(',', '}');
        if (end <= 0)
            throw file.Damaged($"{what} has an .npy header that breaks off at '{key}'.");
        return rest[..end].Trim().ToString();
    }

    private static (ElementType Type, bool BigEndian) ParseType(CheckpointFile file, string what, string descr)
    {
        bool ordered = descr.Length > 0 && descr[0] is '<' or '>' or '|' or '=';
        bool bigEndian = descr.StartsWith('>');
        ElementType type = (ordered ? descr[1..] : descr) switch
        {
            "f2" => ElementType.Float16,
            "f4" => ElementType.Float32,
            "f8" => ElementType.Float64,
            "i1" => ElementType.Int8,
            "i2" => ElementType.Int16,
            "i4" => ElementType.Int32,
            "i8" => ElementType.Int64,
            "u1" => ElementType.UInt8,
            "u2" => ElementType.UInt16,
            "u4" => ElementType.UInt32,
            "u8" => ElementType.UInt64,
            "b1" or "?" => ElementType.Bool,
            "O" => throw file.Refused($"{what} is an array of Python objects, a pickle; it is never run. Save numbers."),
            _ => throw file.Unsupported($"{what} holds elements of type '{descr}', which is not read; save float32."),
        };
        return (type, bigEndian);
    }

    private static ImmutableArray<int> ParseShape(CheckpointFile file, string what, string text, ElementType type)
    {
        var dimensions = new List<long>();
        bool sound = text.StartsWith('(') && text.EndsWith(')');
        // A tuple of one is written "(5,)": an empty last part is its mark, an empty tuple is a scalar.
        string[] parts = sound ? text[1..^1].Split(',', StringSplitOptions.TrimEntries) : [];
        for (int i = 0; i < parts.Length && sound; i++)
        {
            if (parts[i].Length == 0 && i == parts.Length - 1)
                break;
            sound = long.TryParse(parts[i].TrimEnd('L'), NumberStyles.None, CultureInfo.InvariantCulture, out long dimension);
            dimensions.Add(dimension);
        }
        if (!sound || !TensorShape.TryCreate(dimensions.ToArray(), type.Size(), out ImmutableArray<int> shape))
            throw file.Damaged($"{what} has a shape of {text}, which no file can hold.");
        return shape;
    }
}
