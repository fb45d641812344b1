using VkInception.Graph;

namespace VkInception.Reference;

/// <summary>A tensor of doubles in logical order (N C H W for images), for references that are read rather than run fast.</summary>
public sealed class Values(Shape shape, double[] data)
{
    /// <summary>All zeros.</summary>
    public Values(Shape shape)
        : this(shape, new double[shape.Count])
    {
    }

    public Shape Shape { get; } = shape;

    /// <summary>Elements in logical order.</summary>
    public double[] Data { get; } = data.Length == shape.Count ? data : throw new ArgumentException($"{data.Length} elements for {shape}");

    /// <summary>The element of an image.</summary>
    public double this[int n, int c, int h, int w]
    {
        get => Data[((n * Shape.C + c) * Shape.H + h) * Shape.W + w];
        set => Data[((n * Shape.C + c) * Shape.H + h) * Shape.W + w] = value;
    }

    /// <summary>The element at an index per axis.</summary>
    public double this[int[] index]
    {
        get => Data[Flat(index)];
        set => Data[Flat(index)] = value;
    }

    /// <summary>Every index, in logical order.</summary>
    public IEnumerable<int[]> Indices()
    {
        for (int flat = 0; flat < Data.Length; flat++)
        {
            int[] index = new int[Shape.Rank];
            int rest = flat;
            for (int axis = Shape.Rank - 1; axis >= 0; axis--)
            {
                index[axis] = rest % Shape[axis];
                rest /= Shape[axis];
            }
            yield return index;
        }
    }

    public static Values Of(Shape shape, ReadOnlySpan<float> data)
    {
        var values = new Values(shape);
        for (int i = 0; i < data.Length; i++) values.Data[i] = data[i];
        return values;
    }

    private int Flat(int[] index)
    {
        int flat = 0;
        for (int axis = 0; axis < index.Length; axis++) flat = flat * Shape[axis] + index[axis];
        return flat;
    }
}
