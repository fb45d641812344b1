using System.Buffers.Binary;

namespace VkInception.Fuzz.Mutations;

/// <summary>Edits a header whose length stands before it, and mostly puts the length right: safetensors' JSON, <c>.npy</c>'s dictionary.</summary>
/// <param name="at">Where the length stands.</param>
/// <param name="size">Bytes of the length: 2, 4 or 8, little-endian.</param>
/// <param name="inner">Edits the header.</param>
internal sealed class PrefixedMutation(int at, int size, Mutation inner) : Mutation
{
    public override byte[]? Apply(byte[] input, Random random, byte[] other)
    {
        int begin = at + size;
        if (input.Length < begin || Length(input) is not (> 0 and var length) || length > input.Length - begin) return null;
        int end = begin + (int)length;
        if (inner.Apply(input[begin..end], random, other.Length > begin ? other[begin..] : []) is not { } header) return null;
        byte[] spoilt = [.. input[..begin], .. header, .. input[end..]];
        if (random.Next(8) != 0) SetLength(spoilt, header.Length);
        return spoilt;
    }

    private long Length(byte[] input) => size switch
    {
        2 => BinaryPrimitives.ReadUInt16LittleEndian(input.AsSpan(at)),
        4 => BinaryPrimitives.ReadUInt32LittleEndian(input.AsSpan(at)),
        _ => BinaryPrimitives.ReadInt64LittleEndian(input.AsSpan(at)),
    };

    private void SetLength(byte[] input, int length)
    {
        if (size == 2) BinaryPrimitives.WriteUInt16LittleEndian(input.AsSpan(at), unchecked((ushort)length));
        else if (size == 4) BinaryPrimitives.WriteInt32LittleEndian(input.AsSpan(at), length);
        else BinaryPrimitives.WriteInt64LittleEndian(input.AsSpan(at), length);
    }
}
