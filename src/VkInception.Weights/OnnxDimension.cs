namespace VkInception.Weights;

/// <summary>One extent of a declared shape.</summary>
/// <param name="Value">The extent; null where it is left open.</param>
/// <param name="Symbol">The name of an open extent (<c>batch</c>); empty where it has none.</param>
public readonly record struct OnnxDimension(long? Value, string Symbol)
{
    /// <inheritdoc/>
    public override string ToString() => Value?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? (Symbol.Length > 0 ? Symbol : "?");
}
