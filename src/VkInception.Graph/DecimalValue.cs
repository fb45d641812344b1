using System.Globalization;

namespace VkInception.Graph;

/// <summary>What a float means in double precision.</summary>
/// <remarks>
/// Attributes and settings are floats, and people write them in decimals: a learning rate of 0.01, an epsilon of 0.001. The float nearest to 0.01 is
/// 2e-8 off; a step in double precision that took it would differ from a reference that was given 0.01. So the value meant is the shortest decimal
/// that names the float, as <see cref="float.ToString()"/> writes it.
/// </remarks>
public static class DecimalValue
{
    /// <summary>The double nearest to the shortest decimal that names <paramref name="value"/>; infinities and NaN stay what they are.</summary>
    public static double Of(float value) => double.Parse(value.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
}
