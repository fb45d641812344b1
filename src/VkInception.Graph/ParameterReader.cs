namespace VkInception.Graph;

/// <summary>Gives a parameter's elements in logical order.</summary>
public delegate ReadOnlyMemory<float> ParameterReader(Parameter parameter);
