using System.Collections.Immutable;

namespace VkInception.Weights;

/// <summary>Views whose elements do not lie in row-major order.</summary>
internal static class StridedLayout
{
    /// <summary>Whether strides (in elements) are those of a row-major tensor; axes of one element may have any.</summary>
    public static bool IsRowMajor(ImmutableArray<int> shape, ReadOnlySpan<long> strides)
    {
        long expected = 1;
        for (int axis = shape.Length - 1; axis >= 0; axis--)
        {
            if (shape[axis] == 1)
                continue;
            if (strides[axis] != expected)
                return false;
            expected *= shape[axis];
        }
        return true;
    }

    /// <summary>Elements from the view's first to its last, both included; false where a stride is negative or the extent overflows.</summary>
    public static bool TryExtent(ImmutableArray<int> shape, ReadOnlySpan<long> strides, out long extent)
    {
        extent = 0;
        if (shape.Contains(0))
            return true;
        for (int axis = 0; axis < shape.Length; axis++)
        {
            if (strides[axis] < 0)
                return false;
            UInt128 reach = (UInt128)strides[axis] * (UInt128)(shape[axis] - 1) + (UInt128)extent;
            if (reach >= long.MaxValue)
                return false;
            extent = (long)reach;
        }
        extent++;
        return true;
    }

    /// <summary>Copies a view into row-major order.</summary>
    /// <param name="source">From the view's first element on, its extent at least.</param>
    /// <param name="elementSize">Bytes of an element.</param>
    /// <param name="shape">Dimensions of the view.</param>
    /// <param name="strides">Steps in elements, one for each axis, none negative.</param>
    public static byte[] Gather(ReadOnlySpan<byte> source, int elementSize, ImmutableArray<int> shape, ReadOnlySpan<long> strides)
    {
        _ = TensorShape.TryCount(shape, elementSize, out long count);
        var target = new byte[checked((int)(count * elementSize))];
        var index = new int[shape.Length];
        long from = 0;
        for (int to = 0; to < target.Length; to += elementSize)
        {
            source.Slice((int)(from * elementSize), elementSize).CopyTo(target.AsSpan(to));
            for (int axis = shape.Length - 1; axis >= 0; axis--)
            {
                from += strides[axis];
                if (++index[axis] < shape[axis])
                    break;
                from -= strides[axis] * shape[axis];
                index[axis] = 0;
            }
        }
        return target;
    }
}
