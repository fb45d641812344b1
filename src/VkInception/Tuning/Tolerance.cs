using VkInception.Graph;

namespace VkInception.Tuning;

/// <summary>How far two sound kernels' results may lie apart, for inputs in [−1, 1].</summary>
/// <param name="Absolute">By rounding of the sums.</param>
/// <param name="Relative">By rounding of what is stored.</param>
internal sealed record Tolerance(double Absolute, double Relative)
{
    /// <summary>
    /// The rounding errors of a sum of n products of random signs grow as n·u/(3√2) (each partial sum is about √k/3, and rounds by u of that);
    /// eight times n·u is beyond any chance, and far below one product that is missing or counted twice.
    /// </summary>
    private const double Spread = 8;

    /// <summary>The tolerance for a piece of work and a kernel whose errors grow so many times faster.</summary>
    public static Tolerance Of(Dispatch work, double growth)
    {
        (long depth, ElementType type) = work switch
        {
            ConvolutionDispatch c => (Taps(c.Window) * c.X.Shape.C / c.Groups, c.Y.Type),
            ConvolutionBackwardData d => (Taps(d.Window) * d.Shares.Sum(s => s.Dy.Shape.C) / d.Groups, d.Dx.View.Type),
            ConvolutionBackwardFilter f => (f.Dy.Rows, f.Dw.View.Type),
            _ => throw new VkInceptionException(ErrorCode.InvalidArgument, $"{work.Kernel} has one kernel only"),
        };
        return new Tolerance(growth * Spread * (depth + 16) * Math.Pow(2, -24), type == ElementType.Float16 ? Math.Pow(2, -9) : 0);
    }

    /// <summary>For an element of this value.</summary>
    public double For(float expected) => Absolute + Relative * Math.Abs(expected);

    private static long Taps(Window window) => (long)window.KernelH * window.KernelW;
}
