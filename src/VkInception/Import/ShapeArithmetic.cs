using VkInception.Graph;

namespace VkInception.Import;

/// <summary>Shapes as Caffe's and ONNX's Reshape spell them.</summary>
internal static class ShapeArithmetic
{
    /// <summary>More axes than this no operation takes.</summary>
    public const int MostAxes = 6;

    /// <summary>The shape that is meant: 0 copies the input's extent, one −1 takes what is left.</summary>
    /// <param name="where">What the error begins with: file and node.</param>
    /// <param name="input">The shape of what is reshaped.</param>
    /// <param name="wanted">The extents as the file has them.</param>
    /// <param name="zeroCopies">Whether 0 means the input's extent.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.ShapeMismatch"/>.</exception>
    public static Shape Resolve(string where, Shape input, IReadOnlyList<long> wanted, bool zeroCopies)
    {
        if (wanted.Count > MostAxes) throw new VkInceptionException(ErrorCode.ShapeMismatch, $"{where}: a shape of {wanted.Count} axes; at most {MostAxes} are supported");
        var extents = new long[wanted.Count];
        long known = 1;
        int open = -1;
        for (int i = 0; i < extents.Length; i++)
        {
            extents[i] = wanted[i] == 0 && zeroCopies && i < input.Rank ? input[i] : wanted[i];
            if (extents[i] == -1 && open < 0) open = i;
            else if (extents[i] is < 1 or > int.MaxValue) throw Mismatch(where, input, wanted);
            else known = Math.Min(known * extents[i], int.MaxValue + 1L);
        }
        if (open >= 0) extents[open] = known > 0 && input.Count % known == 0 ? input.Count / known : throw Mismatch(where, input, wanted);
        else if (known != input.Count) throw Mismatch(where, input, wanted);
        return Shape.Create([.. extents.Select(e => (int)e)]);
    }

    private static VkInceptionException Mismatch(string where, Shape input, IReadOnlyList<long> wanted)
        => new(ErrorCode.ShapeMismatch, $"{where}: the {input.Count} elements of {input} do not fill a shape of {string.Join('×', wanted)}");
}
