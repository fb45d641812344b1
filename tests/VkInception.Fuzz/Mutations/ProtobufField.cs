namespace VkInception.Fuzz.Mutations;

/// <summary>One field of a protobuf message that can be edited: a number, bytes, or a message of further fields.</summary>
internal sealed class ProtobufField
{
    private const int Deepest = 20;

    public ulong Number { get; set; }

    public int Wire { get; set; }

    /// <summary>The value of a varint or of fixed bits.</summary>
    public ulong Value { get; set; }

    public byte[] Bytes { get; set; } = [];

    /// <summary>The fields within; null where the bytes are no message.</summary>
    public List<ProtobufField>? Fields { get; set; }

    /// <summary>The length that is written in place of the true one.</summary>
    public ulong? Claimed { get; set; }

    /// <summary>The fields of a message; null where the bytes are none.</summary>
    public static List<ProtobufField>? Parse(ReadOnlySpan<byte> bytes, int depth = 0)
    {
        var fields = new List<ProtobufField>();
        while (!bytes.IsEmpty)
        {
            if (depth > Deepest || !Varint(ref bytes, out ulong key) || key >> 3 == 0) return null;
            var field = new ProtobufField { Number = key >> 3, Wire = (int)(key & 7) };
            ulong value;
            switch (field.Wire)
            {
                case 0 when Varint(ref bytes, out value): field.Value = value; break;
                case 1 when bytes.Length >= 8: field.Value = BitConverter.ToUInt64(bytes); bytes = bytes[8..]; break;
                case 5 when bytes.Length >= 4: field.Value = BitConverter.ToUInt32(bytes); bytes = bytes[4..]; break;
                case 2 when Varint(ref bytes, out value) && value <= (ulong)bytes.Length:
                    field.Bytes = bytes[..(int)value].ToArray();
                    bytes = bytes[(int)value..];
                    field.Fields = field.Bytes.Length is > 1 and < 1 << 17 ? Parse(field.Bytes, depth + 1) : null;
                    break;
                default: return null;
            }
            fields.Add(field);
        }
        return fields;
    }

    /// <summary>The message of fields.</summary>
    public static byte[] Write(List<ProtobufField> fields)
    {
        var bytes = new List<byte>();
        foreach (ProtobufField field in fields)
        {
            Varint(bytes, (field.Number << 3) | (uint)field.Wire);
            switch (field.Wire)
            {
                case 0: Varint(bytes, field.Value); break;
                case 1: bytes.AddRange(BitConverter.GetBytes(field.Value)); break;
                case 5: bytes.AddRange(BitConverter.GetBytes((uint)field.Value)); break;
                default:
                    byte[] content = field.Fields is null ? field.Bytes : Write(field.Fields);
                    Varint(bytes, field.Claimed ?? (ulong)content.Length);
                    bytes.AddRange(content);
                    break;
            }
        }
        return [.. bytes];
    }

    private static bool Varint(ref ReadOnlySpan<byte> bytes, out ulong value)
    {
        value = 0;
        for (int i = 0; i < Math.Min(10, bytes.Length); i++)
        {
            value |= (ulong)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] >= 0x80) continue;
            bytes = bytes[(i + 1)..];
            return true;
        }
        return false;
    }

    private static void Varint(List<byte> bytes, ulong value)
    {
        for (; value >= 0x80; value >>= 7) bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
    }
}
