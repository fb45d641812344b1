namespace VkInception.Imaging;

/// <summary>Turns photos into a network's input as its <see cref="ImageInput"/> states it.</summary>
public static class Preprocessor
{
    /// <summary>Floats of one image: channels × height × width.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/> for sides that are not positive or too large.</exception>
    public static int ElementCount(ImageInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        long count = (long)Channels(input) * input.Height * input.Width;
        return count is > 0 and <= int.MaxValue
            ? (int)count
            : throw new VkInceptionException(ErrorCode.InvalidArgument, $"an input of {input.Width}x{input.Height} is not possible");
    }

    /// <summary>Resizes, cuts the centre and normalizes one photo.</summary>
    /// <returns>C×H×W float32: a batch of one.</returns>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/> when <paramref name="input"/> contradicts itself.</exception>
    public static float[] Run(Photo photo, ImageInput input)
    {
        var tensor = new float[ElementCount(input)];
        Run(photo, input, tensor);
        return tensor;
    }

    /// <summary>Resizes, cuts the centre and normalizes one photo.</summary>
    /// <param name="photo">The photo.</param>
    /// <param name="input">The network's preprocessing.</param>
    /// <param name="destination">Receives C×H×W float32, exactly <see cref="ElementCount"/> of them.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/> when <paramref name="input"/> contradicts itself or the destination has another length.</exception>
    public static void Run(Photo photo, ImageInput input, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(photo);
        DemandConsistent(input);
        Run(photo, input, CropPlan.Centre(photo.Width, photo.Height, input), destination);
    }

    /// <summary>Cuts one view of a photo and normalizes it.</summary>
    /// <param name="photo">The photo.</param>
    /// <param name="input">The network's preprocessing; its resize is replaced by the view's.</param>
    /// <param name="view">The part of the photo, of the input's size.</param>
    /// <param name="destination">Receives C×H×W float32, exactly <see cref="ElementCount"/> of them.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/> when the view leaves the photo or is not of the input's size, or the destination has another length.</exception>
    public static void Run(Photo photo, ImageInput input, CropView view, Span<float> destination)
    {
        ArgumentNullException.ThrowIfNull(photo);
        CropBox crop = view.Box;
        DemandChannels(input);
        Demand(input, view, destination.Length);
        bool gray = input.Order == ChannelOrder.Gray;
        int channels = gray ? 1 : 3;
        var levels = new byte[crop.Width * crop.Height * channels];
        Resampler.Resize(gray ? photo.Luminance() : photo.Data, photo.Width, photo.Height, channels, view.ResizedWidth, view.ResizedHeight, crop, Interpolation.Bilinear, levels);

        int plane = crop.Width * crop.Height;
        for (int channel = 0; channel < channels; channel++)
        {
            int sourceChannel = input.Order == ChannelOrder.Bgr ? 2 - channel : channel;
            float[] normalized = NormalizedLevels(input, channel);
            Fill(levels, channels, sourceChannel, normalized, crop.Width, view.Mirror, destination.Slice(channel * plane, plane));
        }
    }

    private static int Channels(ImageInput input) => input.Order == ChannelOrder.Gray ? 1 : 3;

    private static void Fill(ReadOnlySpan<byte> levels, int channels, int channel, float[] normalized, int width, bool mirror, Span<float> plane)
    {
        for (int i = 0, from = channel; i < plane.Length; i++, from += channels) plane[i] = normalized[levels[from]];
        if (!mirror) return;
        for (int start = 0; start < plane.Length; start += width) plane.Slice(start, width).Reverse();
    }

    /// <summary>For each level of a channel, in the order of <see cref="ImageInput.Order"/>, the input's value.</summary>
    internal static float[] NormalizedLevels(ImageInput input, int channel)
    {
        var normalized = new float[256];
        for (int level = 0; level < normalized.Length; level++)
            normalized[level] = (level * input.Scale - input.Mean[channel]) / input.Deviation[channel];
        return normalized;
    }

    /// <summary>Refuses preprocessing that no photo could be put through.</summary>
    internal static void DemandConsistent(ImageInput input)
    {
        DemandChannels(input);
        if (input.Width <= 0 || input.Height <= 0 || input.Width > input.ResizeTo || input.Height > input.ResizeTo)
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"an input of {input.Width}x{input.Height} cannot be cut from a photo resized to {input.ResizeTo}");
    }

    private static void DemandChannels(ImageInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        int channels = Channels(input);
        if (input.Mean.Count != channels || input.Deviation.Count != channels)
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"preprocessing for {channels} channels needs as many means and deviations, not {input.Mean.Count} and {input.Deviation.Count}");
    }

    private static void Demand(ImageInput input, CropView view, int length)
    {
        CropBox crop = view.Box;
        if (crop.Width != input.Width || crop.Height != input.Height || !crop.IsInside(view.ResizedWidth, view.ResizedHeight))
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"a crop of {crop.Width}x{crop.Height} for an input of {input.Width}x{input.Height} does not lie in an image resized to {view.ResizedWidth}x{view.ResizedHeight}");
        if (length != ElementCount(input))
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"the destination holds {length} floats, the input takes {ElementCount(input)}");
    }
}
