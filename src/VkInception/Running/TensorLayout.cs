using System.Runtime.InteropServices;
using VkInception.Graph;

namespace VkInception.Running;

/// <summary>Converts between the logical order of the API (N C H W, O I H W) and the order in device memory.</summary>
internal static class TensorLayout
{
    private const int OutputBlock = 16;

    /// <summary>Writes a logical tensor into the rows of a view; what lies between the rows is left alone.</summary>
    public static void ToDevice(ReadOnlySpan<float> logical, TensorView view, Span<float> device)
    {
        if (view.Shape.Rank != 4)
        {
            for (int row = 0; row < view.Rows; row++)
                logical.Slice(row * view.RowLength, view.RowLength).CopyTo(device[(row * view.RowStride)..]);
            return;
        }
        int channels = view.Shape.C, pixels = view.Shape.H * view.Shape.W;
        for (int n = 0; n < view.Shape.N; n++)
            for (int c = 0; c < channels; c++)
            {
                ReadOnlySpan<float> plane = logical.Slice((n * channels + c) * pixels, pixels);
                int at = n * pixels * view.RowStride + c;
                foreach (float value in plane)
                {
                    device[at] = value;
                    at += view.RowStride;
                }
            }
    }

    /// <summary>As <see cref="ToDevice(ReadOnlySpan{float}, TensorView, Span{float})"/>, rounding to half; what is beyond its range becomes infinity.</summary>
    public static void ToDevice(ReadOnlySpan<float> logical, TensorView view, Span<Half> device)
    {
        int channels = view.RowLength, pixels = view.Shape.Rank == 4 ? view.Shape.H * view.Shape.W : 1;
        for (int image = 0; image < view.Rows / pixels; image++)
            for (int c = 0; c < channels; c++)
            {
                int from = (image * channels + c) * pixels, at = image * pixels * view.RowStride + c;
                for (int i = 0; i < pixels; i++, at += view.RowStride) device[at] = (Half)logical[from + i];
            }
    }

    /// <summary>As <see cref="ToDevice(ReadOnlySpan{float}, TensorView, Span{float})"/>, in double precision; of images.</summary>
    public static void ToDevice(ReadOnlySpan<float> logical, TensorView view, Span<double> device)
    {
        int channels = view.Shape.C, pixels = view.Shape.H * view.Shape.W;
        for (int plane = 0; plane < view.Shape.N * channels; plane++)
        {
            int at = plane / channels * pixels * view.RowStride + plane % channels;
            for (int i = 0; i < pixels; i++, at += view.RowStride) device[at] = logical[plane * pixels + i];
        }
    }

    /// <summary>Elements as they lie in memory, in double precision.</summary>
    public static double[] Doubles(ReadOnlySpan<byte> memory, ElementType type)
        => type == ElementType.Float64 ? MemoryMarshal.Cast<byte, double>(memory).ToArray() : Array.ConvertAll(Widened(memory, type), v => (double)v);

    /// <summary>Elements as they lie in memory, in single precision.</summary>
    public static float[] Widened(ReadOnlySpan<byte> memory, ElementType type)
    {
        if (type == ElementType.Float64) return Array.ConvertAll(MemoryMarshal.Cast<byte, double>(memory).ToArray(), v => (float)v);
        if (type == ElementType.Float32) return MemoryMarshal.Cast<byte, float>(memory).ToArray();
        ReadOnlySpan<Half> halves = MemoryMarshal.Cast<byte, Half>(memory);
        var wide = new float[halves.Length];
        for (int i = 0; i < wide.Length; i++) wide[i] = (float)halves[i];
        return wide;
    }

    /// <summary>Reads a logical tensor from the rows of a view.</summary>
    public static void FromDevice(ReadOnlySpan<float> device, TensorView view, Span<float> logical)
    {
        if (view.Shape.Rank != 4)
        {
            for (int row = 0; row < view.Rows; row++)
                device.Slice(row * view.RowStride, view.RowLength).CopyTo(logical[(row * view.RowLength)..]);
            return;
        }
        int channels = view.Shape.C, pixels = view.Shape.H * view.Shape.W;
        for (int n = 0; n < view.Shape.N; n++)
            for (int c = 0; c < channels; c++)
            {
                Span<float> plane = logical.Slice((n * channels + c) * pixels, pixels);
                int at = n * pixels * view.RowStride + c;
                for (int i = 0; i < plane.Length; i++, at += view.RowStride) plane[i] = device[at];
            }
    }

    /// <summary>A parameter as it lies on the device: filters O I H W become H W I O.</summary>
    public static void Pack(ReadOnlySpan<float> logical, Parameter parameter, Span<float> device)
    {
        if (parameter.Layout == ParameterLayout.Plain)
        {
            ToDevice(logical, TensorView.Dense(parameter.Shape, new Storage(parameter.Name, parameter.Shape.Count, parameter)), device);
            return;
        }
        int outputs = parameter.Shape[0];
        int perOutput = (int)(parameter.Shape.Count / outputs);
        int inputs = parameter.Shape.Rank > 1 ? parameter.Shape[1] : 1;
        int taps = perOutput / inputs;
        // A block of outputs at a time: as many sequential reads as a core can follow, and writes that fill cache lines.
        for (int first = 0; first < outputs; first += OutputBlock)
        {
            int last = Math.Min(first + OutputBlock, outputs);
            for (int i = 0; i < inputs; i++)
                for (int tap = 0; tap < taps; tap++)
                {
                    int to = (tap * inputs + i) * outputs, from = i * taps + tap;
                    for (int o = first; o < last; o++) device[to + o] = logical[o * perOutput + from];
                }
        }
    }

    /// <summary>The inverse of <see cref="Pack"/>.</summary>
    public static void Unpack(ReadOnlySpan<float> device, Parameter parameter, Span<float> logical)
    {
        if (parameter.Layout == ParameterLayout.Plain)
        {
            FromDevice(device, TensorView.Dense(parameter.Shape, new Storage(parameter.Name, parameter.Shape.Count, parameter)), logical);
            return;
        }
        int outputs = parameter.Shape[0];
        int perOutput = (int)(parameter.Shape.Count / outputs);
        int inputs = parameter.Shape.Rank > 1 ? parameter.Shape[1] : 1;
        int taps = perOutput / inputs;
        for (int first = 0; first < outputs; first += OutputBlock)
        {
            int last = Math.Min(first + OutputBlock, outputs);
            for (int i = 0; i < inputs; i++)
                for (int tap = 0; tap < taps; tap++)
                {
                    int from = (tap * inputs + i) * outputs, to = i * taps + tap;
                    for (int o = first; o < last; o++) logical[o * perOutput + to] = device[from + o];
                }
        }
    }
}
