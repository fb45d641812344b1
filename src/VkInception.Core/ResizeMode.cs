namespace VkInception;

/// <summary>How a photo is resized before it is cropped.</summary>
public enum ResizeMode
{
    /// <summary>Both sides to the target; the aspect changes.</summary>
    Warp,
    /// <summary>The short side to the target; the aspect is kept.</summary>
    ShortSide,
}
