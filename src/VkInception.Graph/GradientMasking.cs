namespace VkInception.Graph;

/// <summary>What an operation's backward pass does about an input that was clamped: whether it spares the clamp's own backward pass.</summary>
public enum GradientMasking
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Its share of the gradient is 0 where the input lies at an end of its range (<see cref="OpTensors.InputRange"/>).</summary>
    Share,

    /// <summary>Where it is asked to (<see cref="Gradient.Clamped"/>) all of the gradient, what others added before included.</summary>
    Whole,
}
