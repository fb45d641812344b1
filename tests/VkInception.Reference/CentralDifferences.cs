namespace VkInception.Reference;

/// <summary>Derivatives of a function by differences in double precision.</summary>
public static class CentralDifferences
{
    /// <summary>Small enough that hardly ever a kink (of a ReLU, a maximum) lies within it, large enough for nine digits.</summary>
    private const double Step = 1e-6;

    /// <summary>More than a smooth function's slope changes within a step.</summary>
    private const double Kink = 1e-4;

    /// <summary>The derivatives of <paramref name="f"/> by some elements of what it reads; elements at a kink are left out.</summary>
    public static IEnumerable<(int Element, double Derivative)> Of(Func<double> f, double[] data, IEnumerable<int> elements)
    {
        double here = f();
        foreach (int i in elements)
        {
            double x = data[i];
            data[i] = x + Step;
            double above = f();
            data[i] = x - Step;
            double below = f();
            data[i] = x;
            double derivative = (above - below) / (2 * Step), change = Math.Abs(above - 2 * here + below) / Step;
            if (change <= Kink * Math.Max(1, Math.Abs(derivative))) yield return (i, derivative);
        }
    }
}
