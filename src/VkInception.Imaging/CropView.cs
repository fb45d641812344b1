namespace VkInception.Imaging;

/// <summary>One look at a photo: the whole resized, a rectangle cut from it, perhaps mirrored.</summary>
/// <param name="ResizedWidth">Width that the whole photo is resized to.</param>
/// <param name="ResizedHeight">Height that the whole photo is resized to.</param>
/// <param name="Box">The rectangle, in pixels of the resized photo.</param>
/// <param name="Mirror">Whether left and right are exchanged after the cut.</param>
public readonly record struct CropView(long ResizedWidth, long ResizedHeight, CropBox Box, bool Mirror = false);
