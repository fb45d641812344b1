namespace VkInception.Imaging.Augmentation;

/// <summary>How training photos are varied. Every choice depends on seed, epoch and image alone.</summary>
public sealed record AugmentationOptions
{
    /// <summary>Nothing is varied: images as in evaluation.</summary>
    public static AugmentationOptions None { get; } = new();

    /// <summary>GoogLeNet's (1409.4842, section 6): 8 to 100 % of the area, aspect 3/4 to 4/3, random interpolation, mirror, photometric distortions.</summary>
    public static AugmentationOptions GoogLeNet { get; } = new()
    {
        Crop = CropMode.RandomArea,
        Interpolations = [Interpolation.Bilinear, Interpolation.Bicubic, Interpolation.Box, Interpolation.Nearest],
        Mirror = true,
        Brightness = 0.4f,
        Contrast = 0.4f,
        Saturation = 0.4f,
    };

    /// <summary>AlexNet's (2012, section 4.1): short side 256, a random 224 of the central square, mirror, PCA colour with σ 0.1; both sides scale with the input.</summary>
    public static AugmentationOptions AlexNet { get; } = new() { Crop = CropMode.RandomPlace, Mirror = true, Lighting = 0.1f };

    /// <summary>VGG's (1409.1556, section 3.1): short side 256 to 512, a random 224 of the photo, mirror, AlexNet's colour shift; sides scale with the input.</summary>
    public static AugmentationOptions Vgg { get; } = new() { Crop = CropMode.RandomScale, MaxResizeRatio = 512f / 224, Mirror = true, Lighting = 0.1f };

    /// <summary>ResNet's (1512.03385, section 3.4): as VGG's, with a short side of 256 to 480.</summary>
    public static AugmentationOptions ResNet { get; } = Vgg with { MaxResizeRatio = 480f / 224 };

    /// <summary>What is usual for CIFAR (1512.03385, section 4.2): padded by 4 of 32 pixels, cut at random, mirror.</summary>
    public static AugmentationOptions Cifar { get; } = new() { Crop = CropMode.Padded, Mirror = true };

    /// <summary>Which part of the photo.</summary>
    public CropMode Crop { get; init; }

    /// <summary>Least share of the photo's area, with <see cref="CropMode.RandomArea"/>.</summary>
    public float MinArea { get; init; } = 0.08f;

    /// <summary>Greatest share of the photo's area, with <see cref="CropMode.RandomArea"/>.</summary>
    public float MaxArea { get; init; } = 1;

    /// <summary>Least aspect, width to height, with <see cref="CropMode.RandomArea"/>; drawn evenly by its logarithm.</summary>
    public float MinAspect { get; init; } = 3f / 4;

    /// <summary>Greatest aspect, width to height, with <see cref="CropMode.RandomArea"/>.</summary>
    public float MaxAspect { get; init; } = 4f / 3;

    /// <summary>Filters of which one is drawn for each image.</summary>
    public IReadOnlyList<Interpolation> Interpolations { get; init; } = [Interpolation.Bilinear];

    /// <summary>The short side that a photo is resized to as a multiple of the input's, with <see cref="CropMode.RandomPlace"/>; the least, with <see cref="CropMode.RandomScale"/>.</summary>
    public float ResizeRatio { get; init; } = 256f / 224;

    /// <summary>The greatest short side as a multiple of the input's, with <see cref="CropMode.RandomScale"/>; every whole number of pixels up to it is as likely.</summary>
    public float MaxResizeRatio { get; init; } = 512f / 224;

    /// <summary>Padding on each edge as a share of the input's side, with <see cref="CropMode.Padded"/>; at most 1/2.</summary>
    public float PaddingShare { get; init; } = 4f / 32;

    /// <summary>What the padding is made of.</summary>
    public PaddingMode Padding { get; init; } = PaddingMode.Reflect;

    /// <summary>Whether every other image, at random, is mirrored left to right.</summary>
    public bool Mirror { get; init; }

    /// <summary>Brightness is multiplied by 1 less to 1 more than this; 0 to 1.</summary>
    public float Brightness { get; init; }

    /// <summary>The distance from the image's mean luminance is multiplied by 1 less to 1 more than this; 0 to 1.</summary>
    public float Contrast { get; init; }

    /// <summary>The distance from the pixel's luminance is multiplied by 1 less to 1 more than this; 0 to 1. Gray inputs have none.</summary>
    public float Saturation { get; init; }

    /// <summary>Deviation of the multiples of ImageNet's principal colour components that are added (AlexNet, section 4.1: 0.1); 0 adds none. Gray inputs have none.</summary>
    public float Lighting { get; init; }

    /// <summary>Refuses what no image could be put through.</summary>
    internal void Demand()
    {
        Demand(MinArea > 0 && MinArea <= MaxArea && MaxArea <= 1, "the area of crops", "more than 0 up to 1, the least first");
        Demand(MinAspect > 0 && MinAspect <= MaxAspect && MaxAspect <= 1000, "the aspect of crops", "more than 0 up to 1000, the least first");
        Demand(Interpolations is { Count: > 0 } && Interpolations.All(Enum.IsDefined), "the interpolation", "at least one");
        Demand(ResizeRatio is >= 1 and <= 16, "the resize ratio", "1 to 16");
        Demand(Crop != CropMode.RandomScale || (MaxResizeRatio >= ResizeRatio && MaxResizeRatio <= 16), "the greatest resize ratio", "the least up to 16");
        Demand(PaddingShare is >= 0 and <= 0.5f, "the padding", "0 to 0.5");
        Demand(Brightness is >= 0 and <= 1 && Contrast is >= 0 and <= 1 && Saturation is >= 0 and <= 1, "brightness, contrast and saturation", "0 to 1");
        Demand(Lighting is >= 0 and <= 10, "the deviation of the lighting", "0 to 10");
    }

    private static void Demand(bool possible, string what, string give)
    {
        if (!possible) throw new VkInceptionException(ErrorCode.InvalidArgument, $"augmentation: {what} is out of range; give {give}");
    }
}
