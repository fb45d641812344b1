using System.Buffers.Binary;
using System.Text;

namespace VkInception.Tests.GraphFiles;

/// <summary>Writes protobuf's wire format for the tests, field by field; independent of the reader.</summary>
internal sealed class WireWriter
{
    private readonly List<byte> bytes = [];

    public WireWriter Varint(int field, long value)
    {
        Number((ulong)field << 3);
        Number(unchecked((ulong)value));
        return this;
    }

    public WireWriter Float(int field, float value)
    {
        Number(((ulong)field << 3) | 5);
        Span<byte> four = stackalloc byte[4];
        BinaryPrimitives.WriteSingleLittleEndian(four, value);
        bytes.AddRange(four);
        return this;
    }

    public WireWriter Fixed32(int field, uint value)
    {
        Number(((ulong)field << 3) | 5);
        Span<byte> four = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(four, value);
        bytes.AddRange(four);
        return this;
    }

    public WireWriter Double(int field, double value)
    {
        Number(((ulong)field << 3) | 1);
        Span<byte> eight = stackalloc byte[8];
        BinaryPrimitives.WriteDoubleLittleEndian(eight, value);
        bytes.AddRange(eight);
        return this;
    }

    public WireWriter Raw(int field, ReadOnlySpan<byte> value)
    {
        Number(((ulong)field << 3) | 2);
        Number((ulong)value.Length);
        bytes.AddRange(value);
        return this;
    }

    /// <summary>A length-delimited field that claims another length than it has.</summary>
    public WireWriter Claim(int field, ulong claimed, ReadOnlySpan<byte> value)
    {
        Number(((ulong)field << 3) | 2);
        Number(claimed);
        bytes.AddRange(value);
        return this;
    }

    public WireWriter Key(int field, int wireType)
    {
        Number(((ulong)field << 3) | (uint)wireType);
        return this;
    }

    public WireWriter Text(int field, string value) => Raw(field, Encoding.UTF8.GetBytes(value));

    public WireWriter Message(int field, WireWriter value) => Raw(field, value.ToArray());

    public WireWriter PackedFloats(int field, params ReadOnlySpan<float> values)
    {
        var packed = new byte[4 * values.Length];
        for (int i = 0; i < values.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(packed.AsSpan(4 * i), values[i]);
        return Raw(field, packed);
    }

    public WireWriter PackedVarints(int field, params ReadOnlySpan<long> values)
    {
        var packed = new WireWriter();
        foreach (long v in values) packed.Number(unchecked((ulong)v));
        return Raw(field, packed.ToArray());
    }

    public byte[] ToArray() => [.. bytes];

    private void Number(ulong value)
    {
        for (; value >= 0x80; value >>= 7) bytes.Add((byte)(value | 0x80));
        bytes.Add((byte)value);
    }
}
