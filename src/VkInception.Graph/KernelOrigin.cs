namespace VkInception.Graph;

/// <summary>Who chose a kernel.</summary>
public enum KernelOrigin
{
    /// <summary>An estimate from the device's features and the shape.</summary>
    Heuristic,

    /// <summary>A measurement on this device at this shape.</summary>
    Tuned,

    /// <summary>The user, by name.</summary>
    Forced,
}
