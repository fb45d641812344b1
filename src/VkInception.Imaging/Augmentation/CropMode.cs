namespace VkInception.Imaging.Augmentation;

/// <summary>Which part of a photo is trained on.</summary>
public enum CropMode
{
    /// <summary>The same part as in evaluation.</summary>
    Evaluation,
    /// <summary>A random part of the photo, resized to the input (1409.4842, section 6; torchvision's RandomResizedCrop).</summary>
    RandomArea,
    /// <summary>A random part, of the input's size, of the central square of the photo with its short side resized (AlexNet, section 4.1).</summary>
    RandomPlace,
    /// <summary>A random part, of the input's size, of the whole photo with its short side resized to a drawn length (1409.1556, section 3.1: scale jittering).</summary>
    RandomScale,
    /// <summary>The part of evaluation, padded and cut at a random place (1512.03385, section 4.2).</summary>
    Padded,
}
