using System.Buffers.Binary;
using System.Text;

namespace VkInception.Weights;

/// <summary>Walks the fields of one protobuf message. Every length is checked against what remains of the message before it is used.</summary>
/// <remarks>Wire format: key = field number × 8 + wire type, then the value (protobuf's "Encoding" page).</remarks>
internal sealed class ProtobufReader
{
    private const int DeepestNesting = 64;
    private const int LongestName = 1024;
    private const int LongestString = 1 << 20;
    private readonly ProtobufWindow window;
    private readonly long end;
    private readonly int depth;
    private long position;
    private ulong number;
    private ProtobufRange body;

    /// <summary>The whole file as one message.</summary>
    public ProtobufReader(ProtobufWindow window)
        : this(window, new ProtobufRange(0, window.File.Length), 0)
    {
    }

    /// <summary>A part of the file as one message; it must lie within the file.</summary>
    public ProtobufReader(ProtobufWindow window, ProtobufRange range)
        : this(window, range, 0)
    {
    }

    private ProtobufReader(ProtobufWindow window, ProtobufRange range, int depth)
    {
        this.window = window;
        this.depth = depth;
        position = range.Offset;
        end = range.End;
    }

    /// <summary>Number of the current field.</summary>
    public int Field { get; private set; }

    /// <summary>How the current field's value lies in the file.</summary>
    public ProtobufWireType Wire { get; private set; }

    /// <summary>Where the current field's bytes lie.</summary>
    public ProtobufRange Body => Wire == ProtobufWireType.Bytes ? body : throw Wrong("a run of bytes");

    /// <summary>Moves to the next field; false at the message's end.</summary>
    public bool Next()
    {
        if (position == end) return false;
        ulong key = ReadVarint();
        if (key >> 3 is 0 or > (1 << 29) - 1) throw Damaged($"field number {key >> 3} is outside 1 to {(1 << 29) - 1}");
        Field = (int)(key >> 3);
        Wire = (ProtobufWireType)(key & 7);
        switch (Wire)
        {
            case ProtobufWireType.Varint: number = ReadVarint(); break;
            case ProtobufWireType.Fixed64: number = ReadFixed(8); break;
            case ProtobufWireType.Fixed32: number = ReadFixed(4); break;
            case ProtobufWireType.Bytes: SkipBytes(); break;
            default: throw Damaged($"field {Field} has wire type {(int)Wire}, which is retired or unknown");
        }
        return true;
    }

    /// <summary>The current field as a nested message.</summary>
    public ProtobufReader Message()
    {
        if (depth == DeepestNesting) throw window.File.Refused($"nests messages deeper than {DeepestNesting}.");
        return new ProtobufReader(window, Body, depth + 1);
    }

    /// <summary>The current field as a signed integer (int32, int64, enum, bool).</summary>
    public long Int64() => Wire == ProtobufWireType.Varint ? unchecked((long)number) : throw Wrong("an integer");

    /// <summary>The current field as a signed integer of 32 bits.</summary>
    public int Int32() => Int64() is >= int.MinValue and <= int.MaxValue and long value ? (int)value : throw Damaged($"field {Field} is {unchecked((long)number)}, outside 32 bits");

    /// <summary>The current field as a float.</summary>
    public float Single() => Wire == ProtobufWireType.Fixed32 ? BitConverter.UInt32BitsToSingle((uint)number) : throw Wrong("a float");

    /// <summary>The current field as 32 bits.</summary>
    public uint Fixed32() => Wire == ProtobufWireType.Fixed32 ? (uint)number : throw Wrong("32 bits");

    /// <summary>The current field as UTF-8 text of at most 1 MiB.</summary>
    public string String() => Encoding.UTF8.GetString(Bytes());

    /// <summary>The current field as a name: at most 1024 characters, none of them a control character, so that messages stay one line.</summary>
    public string Name()
    {
        if (Body.Length > LongestName) throw Damaged($"a name of {Body.Length} bytes is longer than {LongestName}");
        string name = String();
        return name.Any(char.IsControl) ? throw Damaged("a name holds control characters") : name;
    }

    /// <summary>The current field's bytes, at most 1 MiB.</summary>
    public byte[] Bytes()
    {
        if (Body.Length > LongestString) throw window.File.Refused($"a name or string of {Body.Length} bytes is longer than {LongestString}.");
        // A long string counts as several small objects.
        window.Charge(1 + (int)(Body.Length >> 8));
        var bytes = new byte[(int)Body.Length];
        window.File.Read(Body.Offset, bytes);
        return bytes;
    }

    /// <summary>Adds the current field's integers: one, or a packed run.</summary>
    public void AddInts(List<long> list)
    {
        if (Wire == ProtobufWireType.Varint)
        {
            window.Charge();
            list.Add(unchecked((long)number));
            return;
        }
        var packed = new ProtobufReader(window, Body, depth);
        while (packed.position < packed.end)
        {
            window.Charge();
            list.Add(unchecked((long)packed.ReadVarint()));
        }
    }

    /// <summary>Adds the current field's floats: one, or a packed run.</summary>
    public void AddFloats(List<float> list)
    {
        if (Wire == ProtobufWireType.Fixed32)
        {
            window.Charge();
            list.Add(Single());
            return;
        }
        if (Body.Length % 4 != 0) throw Damaged($"field {Field} holds {Body.Length} bytes of packed floats, no multiple of 4");
        var packed = new ProtobufReader(window, Body, depth);
        while (packed.position < packed.end)
        {
            window.Charge();
            list.Add(BitConverter.UInt32BitsToSingle((uint)packed.ReadFixed(4)));
        }
    }

    /// <summary>How many elements the current field holds: one, or those of a packed run of that wire type.</summary>
    public long CountElements(ProtobufWireType element)
    {
        if (Wire == element) return 1;
        int size = element switch { ProtobufWireType.Fixed32 => 4, ProtobufWireType.Fixed64 => 8, _ => 0 };
        if (size == 0) return CountVarints(Body);
        if (Body.Length % size != 0) throw Damaged($"field {Field} holds {Body.Length} bytes of packed elements, no multiple of {size}");
        return Body.Length / size;
    }

    /// <summary>The error for bytes that are no message of the format expected.</summary>
    public VkInceptionException Damaged(string what) => window.File.Damaged($"byte {position}: {what}; the file is damaged or of another format.");

    /// <summary>The bits of every element of a repeated field of a message, packed or not.</summary>
    public static IEnumerable<ulong> Elements(ProtobufWindow window, ProtobufRange message, int field, ProtobufWireType element)
    {
        var reader = new ProtobufReader(window, message, 0);
        while (reader.Next())
        {
            if (reader.Field != field) continue;
            if (reader.Wire == element)
            {
                yield return reader.number;
                continue;
            }
            var packed = new ProtobufReader(window, reader.Body, 0);
            while (packed.position < packed.end) yield return packed.ReadElement(element);
        }
    }

    private ulong ReadElement(ProtobufWireType element) => element switch
    {
        ProtobufWireType.Varint => ReadVarint(),
        ProtobufWireType.Fixed32 => ReadFixed(4),
        _ => ReadFixed(8),
    };

    private VkInceptionException Wrong(string wanted) => Damaged($"field {Field} holds {Wire} where {wanted} must be");

    private long CountVarints(ProtobufRange range)
    {
        long count = 0;
        for (long i = range.Offset; i < range.End; i++)
            if (window[i] < 0x80) count++;
        return count;
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            if (position == end) throw Damaged("a number runs over the end of its message");
            byte b = window[position++];
            value |= shift < 64 ? (ulong)(b & 0x7f) << shift : 0;
            if (b < 0x80) return value;
        }
        throw Damaged("a number is longer than ten bytes");
    }

    private ulong ReadFixed(int size)
    {
        if (end - position < size) throw Damaged("a number runs over the end of its message");
        Span<byte> bytes = stackalloc byte[8];
        bytes.Clear();
        for (int i = 0; i < size; i++) bytes[i] = window[position + i];
        position += size;
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    private void SkipBytes()
    {
        ulong length = ReadVarint();
        if (length > (ulong)(end - position))
            throw Damaged($"field {Field} claims {length} bytes where {end - position} remain of its message");
        body = new ProtobufRange(position, (long)length);
        position += (long)length;
    }
}
