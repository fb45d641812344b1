using VkInception.Graph;

namespace VkInception.Visualization;

/// <summary>Which class activation map is wanted.</summary>
public sealed record ClassActivationOptions
{
    /// <summary>The class; null takes the most likely one.</summary>
    public int? Class { get; init; }

    /// <summary>How maps are weighed.</summary>
    public ActivationMethod Method { get; init; }

    /// <summary>The node or tensor whose maps are weighed; null takes the last before the classifier.</summary>
    public string? Node { get; init; }

    /// <summary>Height of the input in pixels; 0 takes the model's own.</summary>
    public int Height { get; init; }

    /// <summary>Width of the input in pixels; 0 takes the model's own.</summary>
    public int Width { get; init; }

    /// <summary>Chooses kernels; null takes what was measured on the device, and where nothing was an estimate.</summary>
    public IKernelChooser? Kernels { get; init; }
}
