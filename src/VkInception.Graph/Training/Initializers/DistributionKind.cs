namespace VkInception.Graph.Training.Initializers;

/// <summary>How random weights are spread about zero.</summary>
public enum DistributionKind
{
    /// <summary>Alike from −scale to scale.</summary>
    Uniform,
    /// <summary>Normally, with the scale as standard deviation.</summary>
    Normal,
}
