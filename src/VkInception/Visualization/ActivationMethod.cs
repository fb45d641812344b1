namespace VkInception.Visualization;

/// <summary>How feature maps are weighed into a class activation map.</summary>
public enum ActivationMethod
{
    /// <summary><see cref="Cam"/> where the network allows it, otherwise <see cref="GradCam"/>.</summary>
    Automatic,

    /// <summary>By the class' weights in the linear layer behind a global average pool (1512.04150, section 2).</summary>
    Cam,

    /// <summary>By the mean gradient of the class' score over each map, of which the positive part is kept (1610.02391, section 3).</summary>
    GradCam,
}
