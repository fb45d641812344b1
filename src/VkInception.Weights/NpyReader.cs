using System.Collections.Immutable;

namespace VkInception.Weights;

/// <summary>Reads <c>.npy</c> arrays: little- or big-endian, C or Fortran order, numbers and booleans.</summary>
public static class NpyReader
{
    /// <summary>Reads a whole array, converted to float32.</summary>
    /// <param name="path">An <c>.npy</c> file of any numeric type.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.FileNotFound"/>, <see cref="ErrorCode.FileDamaged"/>,
    /// <see cref="ErrorCode.UnsupportedFormat"/> or <see cref="ErrorCode.InputOutput"/>.</exception>
    public static NpyArray<float> ReadFloat32(string path) => Read(path, tensor => tensor.ToFloat32());

    /// <summary>Reads a whole array of integers (labels).</summary>
    /// <param name="path">An <c>.npy</c> file of any integer or boolean type.</param>
    /// <exception cref="VkInceptionException">As <see cref="ReadFloat32"/>; <see cref="ErrorCode.UnsupportedFormat"/> also for floating-point elements.</exception>
    public static NpyArray<long> ReadInt64(string path) => Read(path, tensor => tensor.ToInt64());

    /// <summary>Whether the file starts as an array does; a truncated one goes by its extension.</summary>
    internal static bool Matches(ReadOnlySpan<byte> head, string path) =>
        NpyHeader.Matches(head) || path.EndsWith(".npy", StringComparison.OrdinalIgnoreCase);

    /// <summary>A checkpoint of one tensor without a name.</summary>
    internal static Checkpoint Open(CheckpointFile file) =>
        new(file, "npy", [ReadTensor(file, "", "the array", file.Length, () => file.OpenSlice(0, file.Length))]);

    /// <summary>Reads the header of an array that <paramref name="open"/> streams, <paramref name="length"/> bytes with its header.</summary>
    /// <param name="file">Named in messages.</param>
    /// <param name="name">The tensor's name.</param>
    /// <param name="what">What the array is called in messages.</param>
    /// <param name="length">Bytes there are, header included.</param>
    /// <param name="open">A new stream from the start of the header.</param>
    internal static NamedTensor ReadTensor(CheckpointFile file, string name, string what, long length, Func<Stream> open)
    {
        NpyHeader header;
        using (Stream stream = open())
            header = NpyHeader.Read(file, what, stream, length);
        if (length - header.DataOffset != header.ByteLength)
        {
            throw file.Damaged($"{what} of {header.Type} {TensorShape.Format(header.Shape)} needs {header.ByteLength} bytes "
                + $"but {length - header.DataOffset} follow its header.");
        }
        Stream OpenElements()
        {
            Stream stream = open();
            Skip(stream, header.DataOffset);
            return stream;
        }
        Func<Stream> elements = header is { BigEndian: false, FortranOrder: false } ? OpenElements : () => Reorder(file, header, OpenElements());
        return new NamedTensor(name, header.Type, header.Shape, elements);
    }

    private static NpyArray<T> Read<T>(string path, Func<NamedTensor, T[]> convert)
        where T : unmanaged
    {
        using Checkpoint checkpoint = Checkpoint.Open(path);
        if (checkpoint.Format != "npy")
            throw new VkInceptionException(ErrorCode.UnsupportedFormat, $"{path}: is a {checkpoint.Format} file where an .npy array is needed.");
        NamedTensor tensor = checkpoint.Tensors[0];
        return new(tensor.Shape, convert(tensor));
    }

    private static void Skip(Stream stream, int count)
    {
        if (stream.CanSeek)
            stream.Position = count;
        else
            stream.ReadExactly(new byte[count]);
    }

    // Rare layouts are put right in memory, a tensor at a time; the length was checked against the bytes present.
    private static MemoryStream Reorder(CheckpointFile file, NpyHeader header, Stream source)
    {
        using (source)
        {
            if (header.ByteLength > Array.MaxLength)
                throw file.Unsupported($"an array of {header.ByteLength} bytes in big-endian or Fortran order is too large; save it in C order.");
            var bytes = new byte[header.ByteLength];
            source.ReadExactly(bytes);
            if (header.BigEndian)
                header.Type.ReverseEndianness(bytes);
            if (header.FortranOrder)
                bytes = StridedLayout.Gather(bytes, header.Type.Size(), header.Shape, FortranStrides(header.Shape));
            return new MemoryStream(bytes, writable: false);
        }
    }

    private static long[] FortranStrides(ImmutableArray<int> shape)
    {
        var strides = new long[shape.Length];
        long stride = 1;
        for (int axis = 0; axis < shape.Length; axis++)
        {
            strides[axis] = stride;
            stride *= shape[axis];
        }
        return strides;
    }
}
