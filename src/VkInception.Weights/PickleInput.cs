using System.Buffers.Binary;
using System.Text;

namespace VkInception.Weights;

/// <summary>The bytes of one pickle: a buffered stream with an upper bound on how much is taken from it.</summary>
internal sealed class PickleInput(CheckpointFile file, Stream stream)
{
    // The pickle of a checkpoint names tensors; their elements lie elsewhere. A megabyte is already large.
    private const long MaxBytes = 32 << 20;
    private readonly byte[] buffer = new byte[1 << 12];
    private int next;
    private int filled;

    /// <summary>Bytes taken so far: where the pickle ends, once it has.</summary>
    public long Position { get; private set; }

    /// <summary>The next byte.</summary>
    public byte Byte()
    {
        if (next == filled)
            Fill();
        Take(1);
        return buffer[next++];
    }

    /// <summary>The next <paramref name="count"/> bytes, a claim of the file that is checked before anything is allocated for it.</summary>
    public byte[] Bytes(ulong count)
    {
        long left = stream.Length - stream.Position + (filled - next);
        if (count > (ulong)left)
            throw file.Damaged($"its pickle claims a text of {count} bytes where {left} are left.");
        Take((long)count);
        var bytes = new byte[count];
        int buffered = Math.Min(bytes.Length, filled - next);
        buffer.AsSpan(next, buffered).CopyTo(bytes);
        next += buffered;
        stream.ReadExactly(bytes.AsSpan(buffered));
        return bytes;
    }

    /// <summary>A little-endian number of <paramref name="size"/> (1, 2, 4 or 8) bytes.</summary>
    public ulong Unsigned(int size)
    {
        Span<byte> bytes = stackalloc byte[8];
        bytes.Clear();
        for (int i = 0; i < size; i++)
            bytes[i] = Byte();
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    /// <summary>Text up to the line's end, which is taken too.</summary>
    public string Line()
    {
        const int longest = 4096;
        var bytes = new List<byte>();
        for (byte value = Byte(); value != (byte)'\n'; value = Byte())
        {
            if (bytes.Count == longest)
                throw file.Damaged($"its pickle has a name of more than {longest} bytes.");
            bytes.Add(value);
        }
        return Encoding.UTF8.GetString([.. bytes]);
    }

    private void Take(long count)
    {
        Position += count;
        if (Position > MaxBytes)
            throw file.Refused($"its pickle is longer than {MaxBytes >> 20} MiB; no table of tensors is.");
    }

    private void Fill()
    {
        filled = stream.Read(buffer);
        next = 0;
        if (filled == 0)
            throw file.Damaged($"its pickle breaks off after {Position} bytes; the file is truncated.");
    }
}
