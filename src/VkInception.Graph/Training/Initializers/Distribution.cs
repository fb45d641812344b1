namespace VkInception.Graph.Training.Initializers;

/// <summary>What random weights are drawn from.</summary>
/// <param name="Kind">How they are spread about zero.</param>
/// <param name="Scale">Half the width of a uniform distribution, the standard deviation of a normal one.</param>
/// <param name="Limit">Standard deviations beyond which a normal number is drawn again; infinity keeps all.</param>
public readonly record struct Distribution(DistributionKind Kind, double Scale, double Limit = double.PositiveInfinity)
{
    /// <summary>One number.</summary>
    public float Draw(ref PhiloxStream stream)
    {
        if (Kind == DistributionKind.Uniform) return (float)(Scale * (2.0 * stream.NextSingle() - 1));
        double normal = stream.NextNormal();
        while (Math.Abs(normal) > Limit) normal = stream.NextNormal();
        return (float)(Scale * normal);
    }
}
