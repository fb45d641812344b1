using System.Globalization;

namespace VkInception.Graph.Ops;

/// <summary>Dropout (AlexNet, section 4.2); in inference the identity, since training divides by 1 − rate.</summary>
/// <param name="Rate">Share of elements that training sets to zero.</param>
public sealed record Dropout(float Rate) : ViewOp
{
    /// <inheritdoc/>
    public override string Attributes => string.Create(CultureInfo.InvariantCulture, $"rate {Rate:g}");

    private protected override Shape Reshaped(Shape input)
        => Rate is >= 0 and < 1 ? input : throw Mismatch($"rate {Rate.ToString(CultureInfo.InvariantCulture)}: must be at least 0 and under 1");
}
