using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace VkInception.Training;

/// <summary>The few kinds of fields that an event needs, in the protobuf wire format.</summary>
internal sealed class ProtobufWriter
{
    private const int Varint = 0, Fixed64 = 1, Delimited = 2, Fixed32 = 5;
    private readonly ArrayBufferWriter<byte> buffer = new();

    /// <summary>The message so far.</summary>
    public ReadOnlySpan<byte> Written => buffer.WrittenSpan;

    /// <summary>An int32, int64 or enum field.</summary>
    public void Write(int field, long value)
    {
        Tag(field, Varint);
        WriteVarint((ulong)value);
    }

    /// <summary>A double field.</summary>
    public void Write(int field, double value)
    {
        Tag(field, Fixed64);
        BinaryPrimitives.WriteDoubleLittleEndian(buffer.GetSpan(8), value);
        buffer.Advance(8);
    }

    /// <summary>A float field.</summary>
    public void Write(int field, float value)
    {
        Tag(field, Fixed32);
        BinaryPrimitives.WriteSingleLittleEndian(buffer.GetSpan(4), value);
        buffer.Advance(4);
    }

    /// <summary>A string field.</summary>
    public void Write(int field, string value) => Write(field, Encoding.UTF8.GetBytes(value));

    /// <summary>A message field.</summary>
    public void Write(int field, ProtobufWriter message) => Write(field, message.Written);

    /// <summary>A bytes field.</summary>
    public void Write(int field, ReadOnlySpan<byte> bytes)
    {
        Tag(field, Delimited);
        WriteVarint((ulong)bytes.Length);
        buffer.Write(bytes);
    }

    private void Tag(int field, int wireType) => WriteVarint((ulong)((field << 3) | wireType));

    private void WriteVarint(ulong value)
    {
        Span<byte> span = buffer.GetSpan(10);
        int length = 0;
        for (; value >= 0x80; value >>= 7)
            span[length++] = (byte)(value | 0x80);
        span[length++] = (byte)value;
        buffer.Advance(length);
    }
}
