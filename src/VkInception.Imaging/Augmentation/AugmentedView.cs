namespace VkInception.Imaging.Augmentation;

/// <summary>What becomes of one photo's geometry.</summary>
/// <param name="Source">The part of the photo that is used.</param>
/// <param name="Width">Width that this part is resized to.</param>
/// <param name="Height">Height that this part is resized to.</param>
/// <param name="Region">What is cut from the resized part; of the input's size.</param>
/// <param name="Interpolation">The filter.</param>
/// <param name="ShiftX">Pixels that the result shows further to the right than the region; beyond it lies padding.</param>
/// <param name="ShiftY">Pixels that the result shows further down than the region.</param>
/// <param name="Mirror">Whether left and right are exchanged at the end.</param>
internal readonly record struct AugmentedView(CropBox Source, long Width, long Height, CropBox Region, Interpolation Interpolation, int ShiftX, int ShiftY, bool Mirror);
