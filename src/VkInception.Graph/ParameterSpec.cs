namespace VkInception.Graph;

/// <summary>A parameter that an operation needs: the suffix of its key, its logical shape, its layout on the device.</summary>
public sealed record ParameterSpec(string Suffix, Shape Shape, ParameterLayout Layout = ParameterLayout.Plain, bool Trained = true);
