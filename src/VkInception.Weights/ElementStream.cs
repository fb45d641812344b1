using System.Runtime.InteropServices;

namespace VkInception.Weights;

/// <summary>Little-endian bytes of values in memory, without a copy of the whole.</summary>
internal static class ElementStream
{
    // Bounds what is copied where bytes must be swapped.
    private const int MostElements = 1 << 13;

    /// <summary>A stream over <paramref name="values"/>, which are of the kind that <paramref name="type"/> says.</summary>
    public static ForwardStream Of<T>(ReadOnlyMemory<T> values, ElementType type)
        where T : unmanaged
    {
        int size = type.Size();
        return new ForwardStream((long)values.Length * size, (position, buffer) =>
        {
            int first = (int)(position / size), skip = (int)(position % size);
            int elements = Math.Min(Math.Min(values.Length - first, (int)(((long)buffer.Length + skip + size - 1) / size)), MostElements);
            ReadOnlySpan<byte> bytes = MemoryMarshal.AsBytes(values.Span.Slice(first, elements));
            if (!BitConverter.IsLittleEndian)
            {
                byte[] swapped = bytes.ToArray();
                type.ReverseEndianness(swapped);
                bytes = swapped;
            }
            int count = Math.Min(buffer.Length, bytes.Length - skip);
            bytes.Slice(skip, count).CopyTo(buffer);
            return count;
        });
    }
}
