namespace VkInception.Imaging;

/// <summary>For each pixel along one axis of a resized image: which source pixels it is made of, and their fixed-point weights.</summary>
internal sealed class FilterWindows
{
    private readonly int[] offsets;
    private readonly int[] weights;

    private FilterWindows(int[] starts, int[] offsets, int[] weights)
    {
        Starts = starts;
        this.offsets = offsets;
        this.weights = weights;
        for (int i = 0; i < starts.Length; i++) LongestWindow = Math.Max(LongestWindow, offsets[i + 1] - offsets[i]);
    }

    /// <summary>First source pixel of each window, ascending.</summary>
    public int[] Starts { get; }

    /// <summary>Number of windows.</summary>
    public int Count => Starts.Length;

    /// <summary>Source pixels of the widest window.</summary>
    public int LongestWindow { get; }

    /// <summary>The weights of one window, in units of 2^-<see cref="Resampler.PrecisionBits"/>.</summary>
    public ReadOnlySpan<int> Weights(int window) => weights.AsSpan(offsets[window]..offsets[window + 1]);

    /// <summary>The windows of pixels <paramref name="first"/> to <paramref name="first"/> + <paramref name="count"/> of an axis resized from <paramref name="sourceSize"/> to <paramref name="fullSize"/>.</summary>
    public static FilterWindows Create(int sourceSize, long fullSize, long first, int count, Interpolation interpolation)
    {
        double scale = sourceSize / (double)fullSize;
        if (interpolation == Interpolation.Nearest) return CreateNearest(sourceSize, scale, first, count);
        double widening = Math.Max(scale, 1);
        double support = widening * interpolation switch { Interpolation.Bicubic => 2, Interpolation.Box => 0.5, _ => 1 };
        double inverse = 1 / widening;

        var starts = new int[count];
        var offsets = new int[count + 1];
        for (int i = 0; i < count; i++)
        {
            double centre = (first + i + 0.5) * scale;
            starts[i] = Math.Max((int)(centre - support + 0.5), 0);
            int end = Math.Min((int)(centre + support + 0.5), sourceSize);
            offsets[i + 1] = offsets[i] + end - starts[i];
        }

        var weights = new int[offsets[count]];
        var exact = new double[weights.Length == 0 ? 0 : (int)Math.Ceiling(support) * 2 + 1];
        for (int i = 0; i < count; i++)
        {
            double centre = (first + i + 0.5) * scale;
            Span<int> window = weights.AsSpan(offsets[i]..offsets[i + 1]);
            double sum = 0;
            for (int k = 0; k < window.Length; k++)
                sum += exact[k] = Filter((k + starts[i] - centre + 0.5) * inverse, interpolation);
            for (int k = 0; k < window.Length; k++)
                window[k] = FixedPoint(sum == 0 ? exact[k] : exact[k] / sum);
        }
        return new FilterWindows(starts, offsets, weights);
    }

    private static FilterWindows CreateNearest(int sourceSize, double scale, long first, int count)
    {
        var starts = new int[count];
        var weights = new int[count];
        for (int i = 0; i < count; i++) starts[i] = Math.Min((int)((first + i + 0.5) * scale), sourceSize - 1);
        Array.Fill(weights, 1 << Resampler.PrecisionBits);
        return new FilterWindows(starts, [.. Enumerable.Range(0, count + 1)], weights);
    }

    private static int FixedPoint(double weight)
        => (int)((weight < 0 ? -0.5 : 0.5) + weight * (1 << Resampler.PrecisionBits));

    private static double Filter(double x, Interpolation interpolation)
    {
        if (interpolation == Interpolation.Box) return x is > -0.5 and <= 0.5 ? 1 : 0;
        x = Math.Abs(x);
        if (interpolation == Interpolation.Bilinear) return x < 1 ? 1 - x : 0;
        const double A = -0.5;
        if (x < 1) return ((A + 2) * x - (A + 3)) * x * x + 1;
        return x < 2 ? (((x - 5) * x + 8) * x - 4) * A : 0;
    }
}
