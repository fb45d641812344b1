namespace VkInception.Imaging.Augmentation;

/// <summary>What lies beyond the edge of a padded photo.</summary>
public enum PaddingMode
{
    /// <summary>Black.</summary>
    Zero,
    /// <summary>The photo mirrored at its edge pixel, which is not repeated.</summary>
    Reflect,
}
