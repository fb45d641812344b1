using System.Buffers.Binary;
using System.Text;

namespace VkInception.Weights;

/// <summary>A piece of an HDF5 file's structure, read from front to back; what lies outside is damage.</summary>
/// <param name="file">Named in messages.</param>
/// <param name="offset">Where the piece lies in the file.</param>
/// <param name="bytes">Its bytes.</param>
internal sealed class Hdf5Block(CheckpointFile file, long offset, ReadOnlyMemory<byte> bytes)
{
    private int position;

    /// <summary>Bytes not read yet.</summary>
    public int Left => bytes.Length - position;

    /// <summary>Where the next byte lies in the file.</summary>
    public long Place => offset + position;

    /// <summary>The next unsigned number of 1, 2, 4 or 8 bytes; one of 8 that no file can hold is negative.</summary>
    public long Number(int size)
    {
        ReadOnlySpan<byte> span = Take(size).Span;
        return size switch
        {
            1 => span[0],
            2 => BinaryPrimitives.ReadUInt16LittleEndian(span),
            4 => BinaryPrimitives.ReadUInt32LittleEndian(span),
            _ => BinaryPrimitives.ReadInt64LittleEndian(span),
        };
    }

    /// <summary>The next bytes as a piece of their own.</summary>
    public Hdf5Block Part(int length)
    {
        long place = Place;
        return new Hdf5Block(file, place, Take(length));
    }

    /// <summary>Passes over bytes.</summary>
    public void Skip(int count) => Take(count);

    /// <summary>Passes over a signature, which has to be there.</summary>
    public void Expect(ReadOnlySpan<byte> signature)
    {
        long place = Place;
        if (!Take(signature.Length).Span.SequenceEqual(signature)) throw file.Damaged($"byte {place}: a '{Encoding.Latin1.GetString(signature)}' of HDF5 is due there; the file is damaged.");
    }

    /// <summary>The text up to the next zero or the end.</summary>
    public string Text()
    {
        ReadOnlySpan<byte> rest = bytes.Span[position..];
        int end = rest.IndexOf((byte)0);
        return Encoding.UTF8.GetString(end < 0 ? rest : rest[..end]);
    }

    private ReadOnlyMemory<byte> Take(int count)
    {
        if (count > Left) throw file.Damaged($"byte {Place}: a structure of HDF5 ends there where {count} more bytes are due; the file is damaged.");
        position += count;
        return bytes.Slice(position - count, count);
    }
}
