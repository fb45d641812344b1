namespace VkInception.Visualization;

/// <summary>The rectangle of a photo that a network saw, in pixels of the photo; edges may lie between pixels.</summary>
/// <param name="Left">Left edge.</param>
/// <param name="Top">Top edge.</param>
/// <param name="Width">Width.</param>
/// <param name="Height">Height.</param>
public readonly record struct PhotoArea(double Left, double Top, double Width, double Height);
