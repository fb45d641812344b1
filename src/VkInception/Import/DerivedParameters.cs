using VkInception.Graph;

namespace VkInception.Import;

/// <summary>Parameters that follow from others, or from nothing: computed on the host when they are uploaded.</summary>
internal static class DerivedParameters
{
    /// <summary>The same value everywhere.</summary>
    public static Parameter Constant(string name, Shape shape, float value, ParameterLayout layout = ParameterLayout.Plain) => new(name, shape, layout)
    {
        Derive = _ => Filled(shape, value),
        Trained = false,
    };

    /// <summary>Another parameter's elements, changed one by one.</summary>
    public static Parameter Map(string name, Parameter source, Func<float, float> change) => new(name, source.Shape, source.Layout)
    {
        Sources = [source],
        Derive = read => Array.ConvertAll(read(source).ToArray(), v => change(v)),
    };

    /// <summary>A matrix I×O as the O×I that a linear layer multiplies by, times <paramref name="factor"/>.</summary>
    public static Parameter Transposed(string name, Parameter matrix, float factor = 1) => new(name, [matrix.Shape[1], matrix.Shape[0]], ParameterLayout.Filter)
    {
        Sources = [matrix],
        Derive = read => Transpose(read(matrix).Span, matrix.Shape[0], matrix.Shape[1], factor),
    };

    /// <summary>Another parameter's elements in the same order under another shape or layout.</summary>
    public static Parameter Reshaped(string name, Parameter source, Shape shape, ParameterLayout layout = ParameterLayout.Plain) => new(name, shape, layout)
    {
        Sources = [source],
        Derive = read => read(source),
        Trained = source.Trained,
    };

    private static float[] Filled(Shape shape, float value)
    {
        var values = new float[shape.Count];
        Array.Fill(values, value);
        return values;
    }

    private static float[] Transpose(ReadOnlySpan<float> matrix, int rows, int columns, float factor)
    {
        var transposed = new float[matrix.Length];
        for (int r = 0; r < rows; r++)
            for (int c = 0; c < columns; c++)
                transposed[c * rows + r] = matrix[r * columns + c] * factor;
        return transposed;
    }
}
