namespace VkInception.Imaging;

/// <summary>A network's preprocessing at another size of input.</summary>
public static class InputScaling
{
    /// <summary>The same geometry at another size: <see cref="ImageInput.ResizeTo"/> keeps its ratio to the crop (256 to 224 is 73 to 64), and never falls below it.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/> when a side is not positive or too large.</exception>
    public static ImageInput ScaledTo(this ImageInput input, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (width == input.Width && height == input.Height) return input;
        const int MaxSide = 1 << 15;
        if (width is <= 0 or > MaxSide || height is <= 0 or > MaxSide)
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"an input of {width}x{height} is not possible; give sides of 1 to {MaxSide}");
        double ratio = Math.Max(width / (double)input.Width, height / (double)input.Height);
        int side = Math.Max(Math.Max(width, height), (int)Math.Round(input.ResizeTo * ratio));
        return input with { Width = width, Height = height, ResizeTo = side };
    }

    /// <summary>The one view that a photo is evaluated by: the whole, resized to the input, for a photo that is no larger than it; otherwise <see cref="CropPlan.Centre"/>.</summary>
    internal static CropView EvaluationView(int width, int height, ImageInput input)
        => width <= input.Width && height <= input.Height
            ? new CropView(input.Width, input.Height, new CropBox(0, 0, input.Width, input.Height))
            : CropPlan.Centre(width, height, input);
}
