using System.Buffers.Binary;

namespace VkInception.Fuzz.Mutations;

/// <summary>Edits a file that is a row of pieces, each with its length: dropped, repeated, moved, with other lengths and contents.</summary>
/// <param name="split">The lengths of the pieces from the beginning of the file; what is left over is the last piece.</param>
/// <param name="lengthAt">Where the length stands within a piece.</param>
/// <param name="lengthSize">Bytes of it, big-endian.</param>
internal sealed class ChunkMutation(Func<byte[], IEnumerable<int>> split, int lengthAt, int lengthSize) : Mutation
{
    private static readonly ByteMutation bytes = new();

    public override byte[]? Apply(byte[] input, Random random, byte[] other)
    {
        List<byte[]> pieces = Cut(input);
        if (pieces.Count < 2) return null;
        int at = random.Next(pieces.Count);
        byte[] piece = pieces[at];
        switch (random.Next(7))
        {
            case 0: pieces.RemoveAt(at); break;
            case 1: pieces.InsertRange(at, Enumerable.Repeat(piece, Times(random, 4, 3000, piece.Length))); break;
            case 2: pieces.Insert(random.Next(pieces.Count), piece); break;
            case 3: pieces[at] = WithLength(piece, random); break;
            case 4 when Cut(other) is { Count: > 0 } others: pieces.Insert(at, others[random.Next(others.Count)]); break;
            default: pieces[at] = bytes.Apply(piece, random, other); break;
        }
        return [.. pieces.SelectMany(p => p)];
    }

    private List<byte[]> Cut(byte[] input)
    {
        var pieces = new List<byte[]>();
        int at = 0;
        foreach (int length in split(input))
        {
            if (length <= 0 || length > input.Length - at || pieces.Count > 5000) break;
            pieces.Add(input[at..(at + length)]);
            at += length;
        }
        if (at < input.Length) pieces.Add(input[at..]);
        return pieces;
    }

    private byte[] WithLength(byte[] piece, Random random)
    {
        byte[] copy = [.. piece];
        if (copy.Length < lengthAt + lengthSize) return copy;
        if (lengthSize == 2) BinaryPrimitives.WriteInt16BigEndian(copy.AsSpan(lengthAt), unchecked((short)Number(random, BinaryPrimitives.ReadInt16BigEndian(copy.AsSpan(lengthAt)))));
        else BinaryPrimitives.WriteInt32BigEndian(copy.AsSpan(lengthAt), unchecked((int)Number(random, BinaryPrimitives.ReadInt32BigEndian(copy.AsSpan(lengthAt)))));
        return copy;
    }
}
