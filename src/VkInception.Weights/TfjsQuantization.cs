using System.Runtime.InteropServices;

namespace VkInception.Weights;

/// <summary>How TensorFlow.js stored a tensor in fewer bits: a value is the stored number × <paramref name="Scale"/> + <paramref name="Min"/>.</summary>
/// <param name="Type"><c>uint8</c> or <c>uint16</c>; <c>float16</c> has neither scale nor least value.</param>
/// <param name="Scale">What one step stands for.</param>
/// <param name="Min">What 0 stands for.</param>
internal sealed record TfjsQuantization(string Type, double Scale, double Min)
{
    private const int ChunkElements = 1 << 13;

    /// <summary>A stream of the values as float32.</summary>
    /// <param name="run">Where the stored numbers lie.</param>
    /// <param name="offset">Where they begin.</param>
    /// <param name="stored">Their type.</param>
    /// <param name="count">How many there are.</param>
    public Stream Open(JoinedFiles run, long offset, ElementType stored, long count)
        => new ForwardStream(count * sizeof(float), (position, buffer) => Read(run, offset, stored, count, position, buffer));

    private int Read(JoinedFiles run, long offset, ElementType stored, long count, long position, Span<byte> buffer)
    {
        long first = position / sizeof(float);
        int skip = (int)(position % sizeof(float));
        int elements = (int)Math.Min(Math.Min(count - first, ChunkElements), (buffer.Length + skip + sizeof(float) - 1) / sizeof(float));
        var bytes = new byte[elements * stored.Size()];
        run.Read(offset + first * stored.Size(), bytes);
        var numbers = new double[elements];
        stored.ToFloat64(bytes, numbers);
        float[] values = Array.ConvertAll(numbers, number => (float)(number * Scale + Min));
        if (!BitConverter.IsLittleEndian) ElementType.Float32.ReverseEndianness(MemoryMarshal.AsBytes(values.AsSpan()));
        ReadOnlySpan<byte> ready = MemoryMarshal.AsBytes(values.AsSpan())[skip..];
        int copied = Math.Min(ready.Length, buffer.Length);
        ready[..copied].CopyTo(buffer);
        return copied;
    }
}
