using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace VkInception.Weights;

/// <summary>One tensor of a checkpoint: name, type and shape at hand, elements read from the file when asked for. Any thread may read it, several at once.</summary>
/// <remarks>Elements are row-major (the last axis contiguous), outermost axis first as the file names them: a convolution's weight is
/// (output channels, input channels / groups, height, width). A tensor of an open <see cref="Checkpoint"/> is readable until that is disposed.</remarks>
public sealed class NamedTensor
{
    private const int ChunkBytes = 1 << 16;
    private readonly Func<Stream> open;
    private readonly string? origin;

    /// <summary>A tensor whose little-endian, row-major bytes <paramref name="open"/> streams, exactly <see cref="ByteLength"/> of them.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/>: the shape overflows.</exception>
    internal NamedTensor(string name, ElementType type, ImmutableArray<int> shape, Func<Stream> open, string? origin = null)
    {
        if (!TensorShape.TryCount(shape, type.Size(), out long count))
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"{name}: a shape of {TensorShape.Format(shape)} overflows.");
        Name = name;
        Type = type;
        Shape = shape;
        Count = count;
        this.open = open;
        this.origin = origin;
    }

    /// <summary>The name as the checkpoint has it; empty for the one tensor of an <c>.npy</c> file.</summary>
    public string Name { get; }

    /// <summary>How the elements are stored.</summary>
    public ElementType Type { get; }

    /// <summary>Dimensions, outermost first; empty for a scalar.</summary>
    public ImmutableArray<int> Shape { get; }

    /// <summary>Elements: the product of <see cref="Shape"/>, 1 for a scalar.</summary>
    public long Count { get; }

    /// <summary>Bytes of all elements.</summary>
    public long ByteLength => Count * Type.Size();

    /// <summary>A float32 tensor over <paramref name="values"/>, which are not copied.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.ShapeMismatch"/>: the values do not fill the shape.</exception>
    public static NamedTensor FromFloat32(string name, ImmutableArray<int> shape, ReadOnlyMemory<float> values) =>
        FromMemory(name, ElementType.Float32, shape, values);

    /// <summary>A float16 tensor over <paramref name="values"/>, which are not copied.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.ShapeMismatch"/>: the values do not fill the shape.</exception>
    public static NamedTensor FromFloat16(string name, ImmutableArray<int> shape, ReadOnlyMemory<Half> values) =>
        FromMemory(name, ElementType.Float16, shape, values);

    /// <summary>An int64 tensor over <paramref name="values"/>, which are not copied.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.ShapeMismatch"/>: the values do not fill the shape.</exception>
    public static NamedTensor FromInt64(string name, ImmutableArray<int> shape, ReadOnlyMemory<long> values) =>
        FromMemory(name, ElementType.Int64, shape, values);

    /// <summary>A tensor of bytes in one row, not copied.</summary>
    public static NamedTensor FromBytes(string name, ReadOnlyMemory<byte> bytes) => FromMemory(name, ElementType.UInt8, [bytes.Length], bytes);

    /// <summary>The same elements under another name.</summary>
    public NamedTensor WithName(string name) => new(name, Type, Shape, open, origin);

    /// <summary>The same tensor, whose errors name the file it comes from.</summary>
    internal NamedTensor WithOrigin(string path) => new(Name, Type, Shape, open, path);

    /// <summary>The same elements in another shape of as many.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.ShapeMismatch"/>: the shapes differ in elements.</exception>
    public NamedTensor WithShape(ImmutableArray<int> shape)
    {
        if (!TensorShape.TryCount(shape, Type.Size(), out long count) || count != Count)
            throw Mismatch(Label, shape, Count);
        return new(Name, Type, shape, open, origin);
    }

    /// <summary>The same elements with their axes in another order under another name: HWIO as OIHW takes axes 3, 2, 0, 1. Gathered anew at every reading.</summary>
    /// <param name="name">The new name.</param>
    /// <param name="axes">For each axis of the result the axis here that it was.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.ShapeMismatch"/>: <paramref name="axes"/> is no order of the axes, or the tensor is above 2 GB.</exception>
    public NamedTensor Permuted(string name, params ReadOnlySpan<int> axes)
    {
        int[] order = axes.ToArray();
        if (order.Length != Shape.Length || !order.Order().SequenceEqual(Enumerable.Range(0, Shape.Length)) || ByteLength > Array.MaxLength)
            throw new VkInceptionException(ErrorCode.ShapeMismatch, $"{Label}: the axes of {TensorShape.Format(Shape)} cannot be put in the order {string.Join(", ", order)}.");
        var strides = new long[order.Length];
        long step = 1;
        for (int axis = order.Length - 1; axis >= 0; axis--)
        {
            strides[Array.IndexOf(order, axis)] = step;
            step *= Shape[axis];
        }
        ImmutableArray<int> shape = [.. order.Select(axis => Shape[axis])];
        return new NamedTensor(name, Type, shape, () => new MemoryStream(StridedLayout.Gather(Bytes(), Type.Size(), shape, strides)), origin);
    }

    /// <summary>A new stream of the elements' bytes: little-endian, row-major, <see cref="ByteLength"/> of them.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.FileDamaged"/> or <see cref="ErrorCode.InputOutput"/> here or when reading.</exception>
    public Stream OpenRead() => open();

    /// <summary>Reads every element, converted to float32 (64-bit types round), in chunks of 64 KiB.</summary>
    /// <param name="destination">At least <see cref="Count"/> long; what lies behind is untouched.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/> when the destination is too short;
    /// <see cref="ErrorCode.FileDamaged"/> or <see cref="ErrorCode.InputOutput"/> when the file fails.</exception>
    public void ReadFloat32(Span<float> destination)
    {
        CheckLength(destination.Length);
        destination = destination[..(int)Count];
        using Stream stream = OpenRead();
        if (Type == ElementType.Float32 && BitConverter.IsLittleEndian)
        {
            ReadExactly(stream, MemoryMarshal.AsBytes(destination));
            return;
        }
        Decode(stream, destination, (bytes, values) => Type.ToFloat32(bytes, values));
    }

    /// <summary>All elements, converted to float32.</summary>
    /// <exception cref="VkInceptionException">As <see cref="ReadFloat32"/>; also <see cref="ErrorCode.InvalidArgument"/> above 2 G elements.</exception>
    public float[] ToFloat32()
    {
        float[] values = Allocate<float>();
        ReadFloat32(values);
        return values;
    }

    /// <summary>All elements as int64; the type must be an integer or boolean.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.UnsupportedFormat"/> for floating-point elements and values above int64;
    /// otherwise as <see cref="ToFloat32"/>.</exception>
    public long[] ToInt64()
    {
        if (Type.IsFloatingPoint())
            throw new VkInceptionException(ErrorCode.UnsupportedFormat, $"{Label}: holds {Type} where integers are needed; store it as int64.");
        long[] values = Allocate<long>();
        using Stream stream = OpenRead();
        Decode<long>(stream, values, (bytes, part) =>
        {
            if (!Type.ToInt64(bytes, part))
                throw new VkInceptionException(ErrorCode.UnsupportedFormat, $"{Label}: holds a value above the largest int64.");
        });
        return values;
    }

    private byte[] Bytes()
    {
        var bytes = new byte[ByteLength];
        using Stream stream = OpenRead();
        ReadExactly(stream, bytes);
        return bytes;
    }

    /// <summary>Hands every element to <paramref name="visit"/> as float64, in order, in chunks.</summary>
    internal void VisitFloat64(VisitChunk visit)
    {
        using Stream stream = OpenRead();
        int size = Type.Size();
        var bytes = new byte[ChunkBytes];
        var values = new double[ChunkBytes / size];
        for (long done = 0; done < Count;)
        {
            int count = (int)Math.Min(values.Length, Count - done);
            ReadExactly(stream, bytes.AsSpan(0, count * size));
            Type.ToFloat64(bytes, values.AsSpan(0, count));
            visit(values.AsSpan(0, count));
            done += count;
        }
    }

    private string Label => origin is null ? Name : Name.Length == 0 ? origin : $"{origin}: tensor '{Name}'";

    private delegate void DecodeChunk<T>(ReadOnlySpan<byte> bytes, Span<T> values);

    private static NamedTensor FromMemory<T>(string name, ElementType type, ImmutableArray<int> shape, ReadOnlyMemory<T> values)
        where T : unmanaged
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!TensorShape.TryCount(shape, type.Size(), out long count) || count != values.Length)
            throw Mismatch(name, shape, values.Length);
        return new(name, type, shape, () => ElementStream.Of(values, type));
    }

    private static VkInceptionException Mismatch(string name, ImmutableArray<int> shape, long count) =>
        new(ErrorCode.ShapeMismatch, $"{name}: {count} elements do not fill a shape of {TensorShape.Format(shape)}.");

    private void Decode<T>(Stream stream, Span<T> destination, DecodeChunk<T> decode)
    {
        int size = Type.Size();
        var bytes = new byte[(int)Math.Min(ChunkBytes, ByteLength)];
        while (!destination.IsEmpty)
        {
            int count = Math.Min(bytes.Length / size, destination.Length);
            ReadExactly(stream, bytes.AsSpan(0, count * size));
            decode(bytes, destination[..count]);
            destination = destination[count..];
        }
    }

    private void ReadExactly(Stream stream, Span<byte> bytes)
    {
        try
        {
            stream.ReadExactly(bytes);
        }
        catch (EndOfStreamException e)
        {
            throw new VkInceptionException(ErrorCode.FileDamaged, $"{Label}: its data end before all {Count} elements are read; the file is truncated.", e);
        }
    }

    private T[] Allocate<T>()
    {
        if (Count > Array.MaxLength)
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"{Label}: {Count} elements do not fit one array; read the stream instead.");
        return new T[Count];
    }

    private void CheckLength(int length)
    {
        if (length < Count)
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"{Label}: a destination of {length} elements is too short for {Count}.");
    }
}
