namespace VkInception.Imaging.Augmentation;

/// <summary>Writes augmented photos as a network's input. One thread at a time: each has its own.</summary>
internal sealed class Augmenter
{
    private readonly ImageInput input;
    private readonly AugmentationOptions options;
    private readonly ColourDistortion? colours;
    private readonly WindowCache windows = new();
    private readonly ResampleMemory memory = new();
    private readonly bool gray;
    private readonly int channels;
    private readonly byte[] levels;
    private readonly int[] columns;
    private readonly float[][] values;

    public Augmenter(ImageInput input, AugmentationOptions options)
    {
        options.Demand();
        this.input = input;
        this.options = options;
        gray = input.Order == ChannelOrder.Gray;
        channels = gray ? 1 : 3;
        levels = new byte[Preprocessor.ElementCount(input)];
        columns = new int[input.Width];
        values = [.. Enumerable.Range(0, channels).Select(channel => Preprocessor.NormalizedLevels(input, channel))];
        if (options is not { Brightness: 0, Contrast: 0, Saturation: 0, Lighting: 0 }) colours = new ColourDistortion(input, options);
    }

    /// <summary>Draws a variation of the photo and writes it, normalized, as C×H×W.</summary>
    public void Write(Photo photo, PhiloxStream random, Span<float> destination)
    {
        AugmentedView view = ViewSampler.Draw(photo.Width, photo.Height, input, options, ref random);
        ReadOnlySpan<byte> region = Resample(photo, view);
        if (colours is null)
        {
            Place(region, view, values, destination);
            return;
        }
        Place(region, view, ColourDistortion.Levels, destination);
        colours.Apply(ref random, destination);
    }

    private ReadOnlySpan<byte> Resample(Photo photo, in AugmentedView view)
    {
        ReadOnlySpan<byte> source = gray ? photo.Luminance() : photo.Data;
        int stride = photo.Width * channels;
        CropBox part = view.Source, region = view.Region;
        if (part.Width == view.Width && part.Height == view.Height)
        {
            if (region.Width == photo.Width && region.Height == photo.Height) return source;
            for (int y = 0; y < region.Height; y++)
                source.Slice((int)(part.Top + region.Top + y) * stride + (int)(part.Left + region.Left) * channels, region.Width * channels).CopyTo(levels.AsSpan(y * region.Width * channels));
            return levels;
        }
        FilterWindows across = windows.Get(part.Width, view.Width, region.Left, region.Width, view.Interpolation);
        FilterWindows down = windows.Get(part.Height, view.Height, region.Top, region.Height, view.Interpolation);
        Resampler.Resize(source[((int)part.Top * stride + (int)part.Left * channels)..], part.Width, stride, channels, across, down, memory, levels);
        return levels;
    }

    // Shift, padding and mirror are one look-up of where each pixel comes from.
    private void Place(ReadOnlySpan<byte> region, in AugmentedView view, float[][] table, Span<float> destination)
    {
        int width = input.Width, height = input.Height;
        for (int x = 0; x < width; x++)
        {
            int from = Inside((view.Mirror ? width - 1 - x : x) + view.ShiftX, width);
            columns[x] = from < 0 ? -1 : from * channels;
        }
        for (int y = 0; y < height; y++)
        {
            int from = Inside(y + view.ShiftY, height);
            ReadOnlySpan<byte> row = from < 0 ? [] : region.Slice(from * width * channels, width * channels);
            for (int channel = 0; channel < channels; channel++)
            {
                int sourceChannel = input.Order == ChannelOrder.Bgr ? 2 - channel : channel;
                PlaceRow(row, sourceChannel, table[channel], destination.Slice((channel * height + y) * width, width));
            }
        }
    }

    private void PlaceRow(ReadOnlySpan<byte> row, int channel, float[] table, Span<float> to)
    {
        if (row.IsEmpty)
        {
            to.Fill(table[0]);
            return;
        }
        ReadOnlySpan<int> from = columns.AsSpan(0, to.Length);
        for (int x = 0; x < to.Length; x++)
        {
            int at = from[x];
            to[x] = table[at < 0 ? 0 : row[at + channel]];
        }
    }

    private int Inside(int place, int size)
    {
        if ((uint)place < (uint)size) return place;
        if (options.Padding == PaddingMode.Zero) return -1;
        return place < 0 ? -place : 2 * (size - 1) - place;
    }
}
