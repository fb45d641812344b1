using System.Collections.Immutable;
using System.IO.Compression;

namespace VkInception.Weights;

/// <summary>The chunks of an HDF5 dataset (specification III.A.1, node type 1), each put through filters; gathered into memory when the tensor is read.</summary>
internal sealed class Hdf5Chunks(Hdf5File file, string name, int elementSize, ImmutableArray<int> shape, ImmutableArray<int> chunk, ImmutableArray<int> filters)
{
    private const int Deflate = 1, Shuffle = 2, Fletcher = 3, MaxLevel = 32;
    private const long BombBytes = 64 << 20, BombRatio = 200;
    private readonly List<(long[] At, long Address, int Length, long Skipped)> pieces = [];

    private int ChunkBytes => (int)(elementSize * chunk.Aggregate(1L, (product, extent) => product * extent));

    /// <summary>Whether a filter of that number is known.</summary>
    public static bool CanUndo(int filter) => filter is Deflate or Shuffle or Fletcher;

    /// <summary>Reads where the chunks lie, and checks that they fill the dataset.</summary>
    public void ReadIndex(long tree)
    {
        long bytes = elementSize;
        foreach (int extent in chunk) bytes = bytes > BombBytes ? bytes : bytes * extent;
        if (bytes > BombBytes) throw file.File.Refused($"'{name}' has chunks of {bytes} bytes and more; {BombBytes} are the most that is read.");
        long expected = 1, total = elementSize;
        for (int axis = 0; axis < shape.Length; axis++) expected *= (shape[axis] + (long)chunk[axis] - 1) / chunk[axis];
        foreach (int extent in shape) total *= extent;
        if (total > BombBytes && total > file.File.Length * BombRatio) throw file.File.Refused($"'{name}' claims {total} bytes in a file of {file.File.Length}; a bomb is refused.");
        if (expected > 0) ReadNode(tree, MaxLevel);
        if (pieces.Count != expected || pieces.DistinctBy(p => string.Join(',', p.At)).Count() != expected) throw file.File.Damaged($"'{name}' has {pieces.Count} of its {expected} chunks; the file is damaged or was not finished.");
    }

    /// <summary>The elements in their order.</summary>
    public Stream Open()
    {
        long total = elementSize;
        foreach (int extent in shape) total *= extent;
        if (total > Array.MaxLength) throw file.File.Unsupported($"'{name}' of {total} bytes is too large to be gathered from chunks; save it uncompressed.");
        var whole = new byte[total];
        foreach ((long[] at, long address, int length, long skipped) in pieces) Place(Read(address, length, skipped), at, whole);
        return new MemoryStream(whole, writable: false);
    }

    private void ReadNode(long address, int most)
    {
        int keyLength = 8 + 8 * (shape.Length + 1);
        Hdf5Block node = file.Read(address, 24);
        node.Expect("TREE\u0001"u8);
        int level = (int)node.Number(1), used = (int)node.Number(2);
        if (level >= most) throw file.File.Damaged($"byte {address}: a tree of HDF5 whose levels do not fall; the file is damaged.");
        Hdf5Block entries = file.Read(address + 24, (long)(keyLength + 8) * used);
        for (int i = 0; i < used; i++)
        {
            long length = entries.Number(4), skipped = entries.Number(4);
            long[] at = [.. shape.Select(_ => entries.Number(8))];
            entries.Skip(8);
            long child = entries.Number(8);
            if (level > 0) ReadNode(child, level);
            else AddPiece(at, child, length, skipped);
        }
    }

    private void AddPiece(long[] at, long address, long length, long skipped)
    {
        bool isInside = address >= 0 && address <= file.File.Length && length <= file.File.Length - address && length <= int.MaxValue;
        for (int axis = 0; axis < at.Length; axis++) isInside &= at[axis] >= 0 && at[axis] < shape[axis] && at[axis] % chunk[axis] == 0;
        if (!isInside) throw file.File.Damaged($"'{name}' has a chunk outside the file or the dataset; the file is damaged.");
        pieces.Add((at, address, (int)length, skipped));
    }

    /// <summary>A chunk's elements, the filters undone from the last to the first.</summary>
    private byte[] Read(long address, int length, long skipped)
    {
        var bytes = new byte[length];
        file.File.Read(address, bytes);
        for (int i = filters.Length - 1; i >= 0; i--)
        {
            if ((skipped >> i & 1) != 0) continue;
            bytes = filters[i] switch
            {
                Deflate => Inflate(bytes),
                Shuffle => Unshuffle(bytes),
                _ => bytes.Length >= 4 ? bytes[..^4] : throw TooShort(),
            };
        }
        return bytes.Length == ChunkBytes ? bytes : throw TooShort();
    }

    private byte[] Inflate(byte[] bytes)
    {
        // A checksum may lie behind what is inflated.
        var inflated = new byte[ChunkBytes + 4];
        try
        {
            using var stream = new ZLibStream(new MemoryStream(bytes), CompressionMode.Decompress);
            int count = stream.ReadAtLeast(inflated, inflated.Length, throwOnEndOfStream: false);
            return inflated[..count];
        }
        // A stream that asks for a dictionary is no invalid data to .NET, but an IOException.
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw file.File.Damaged($"'{name}' has a chunk that does not decompress.", e);
        }
    }

    /// <summary>First bytes of all elements, then the second ones, and so on, put back.</summary>
    private byte[] Unshuffle(byte[] bytes)
    {
        int count = bytes.Length / elementSize;
        var put = new byte[bytes.Length];
        for (int b = 0; b < elementSize; b++)
            for (int i = 0; i < count; i++) put[i * elementSize + b] = bytes[b * count + i];
        bytes.AsSpan(count * elementSize).CopyTo(put.AsSpan(count * elementSize));
        return put;
    }

    /// <summary>Copies a chunk's rows; what reaches over the dataset's edge is left.</summary>
    private void Place(ReadOnlySpan<byte> bytes, long[] at, Span<byte> whole)
    {
        int last = shape.Length - 1;
        int row = (int)Math.Min(chunk[last], shape[last] - at[last]) * elementSize;
        int rows = 1;
        for (int axis = 0; axis < last; axis++) rows *= chunk[axis];
        for (int r = 0; r < rows; r++)
        {
            long to = 0, step = 1;
            bool isInside = true;
            int rest = r;
            for (int axis = last - 1; axis >= 0; axis--)
            {
                long index = at[axis] + rest % chunk[axis];
                rest /= chunk[axis];
                isInside &= index < shape[axis];
                to += index * step;
                step *= shape[axis];
            }
            if (isInside) bytes.Slice(r * chunk[last] * elementSize, row).CopyTo(whole[(int)((to * shape[last] + at[last]) * elementSize)..]);
        }
    }

    private VkInceptionException TooShort() => file.File.Damaged($"'{name}' has a chunk of another size than it states.");
}
