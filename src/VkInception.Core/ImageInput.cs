namespace VkInception;

/// <summary>How a photo becomes a network's input: plain data, so that a network's card can state it and the imaging project can follow it.</summary>
/// <param name="Width">Width of the crop in pixels.</param>
/// <param name="Height">Height of the crop in pixels.</param>
/// <param name="Resize">How the photo is resized before the centre crop is cut.</param>
/// <param name="ResizeTo">The side that <paramref name="Resize"/> aims at, in pixels.</param>
/// <param name="Order">Order of the channels.</param>
/// <param name="Mean">Subtracted per channel, in the order of <paramref name="Order"/>, on the scale of <paramref name="Scale"/>.</param>
/// <param name="Deviation">Divides per channel after the mean is subtracted.</param>
/// <param name="Scale">Multiplies the 0 to 255 levels first: 1 for Caffe, 1/255 for torchvision.</param>
public sealed record ImageInput(
    int Width, int Height, ResizeMode Resize, int ResizeTo, ChannelOrder Order,
    IReadOnlyList<float> Mean, IReadOnlyList<float> Deviation, float Scale)
{
    /// <summary>BVLC's: warp to 256×256, centre 224, BGR, mean 104/117/123 subtracted, no scaling.</summary>
    public static ImageInput Bvlc { get; } = new(224, 224, ResizeMode.Warp, 256, ChannelOrder.Bgr, [104, 117, 123], [1, 1, 1], 1);

    /// <summary>torchvision's: short side to 256 (antialiased bilinear), centre 224, RGB, ImageNet's mean and deviation.</summary>
    public static ImageInput Torchvision { get; } = new(224, 224, ResizeMode.ShortSide, 256, ChannelOrder.Rgb, [0.485f, 0.456f, 0.406f], [0.229f, 0.224f, 0.225f], 1f / 255);
}
