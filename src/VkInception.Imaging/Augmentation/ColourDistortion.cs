using System.Numerics;
using System.Runtime.InteropServices;

namespace VkInception.Imaging.Augmentation;

/// <summary>Varies the colours of an image that lies as planes of levels, 0 to 255, and normalizes it.</summary>
/// <remarks>Brightness, contrast and saturation in a drawn order (Howard, 1312.5402, section 2.2), then AlexNet's lighting (section 4.1).</remarks>
internal sealed class ColourDistortion(ImageInput input, AugmentationOptions options)
{
    private const float Red = 0.299f, Green = 0.587f, Blue = 0.114f;

    private static readonly float[] identity = [.. Enumerable.Range(0, 256).Select(level => (float)level)];

    // ImageNet's colour covariance on the scale 0 to 1, as published with Torch's ResNet training: each component's eigenvalue, and its R, G and B.
    private static readonly float[] eigenvalues = [0.2175f, 0.0188f, 0.0045f];
    private static readonly float[][] eigenvectors = [[-0.5675f, -0.5808f, -0.5836f], [0.7192f, -0.0045f, -0.6948f], [0.4009f, -0.8140f, 0.4203f]];

    private readonly float[] shift = new float[3];

    /// <summary>Every level as itself, for each of three channels.</summary>
    public static float[][] Levels { get; } = [identity, identity, identity];

    /// <summary>Draws a variation and applies it.</summary>
    /// <param name="random">What the choices are drawn from.</param>
    /// <param name="planes">C×H×W levels in the input's channel order; becomes the normalized input.</param>
    public void Apply(ref PhiloxStream random, Span<float> planes)
    {
        bool gray = input.Order == ChannelOrder.Gray;
        Span<int> order = [0, 1, 2];
        random.Shuffle(order);
        foreach (int step in order)
        {
            if (step == 0 && options.Brightness > 0) Blend(planes, Factor(options.Brightness, ref random), 0);
            else if (step == 1 && options.Contrast > 0) Contrast(planes, Factor(options.Contrast, ref random));
            else if (step == 2 && options.Saturation > 0 && !gray) Saturate(planes, Factor(options.Saturation, ref random));
        }
        shift.AsSpan().Clear();
        if (options.Lighting > 0 && !gray)
        {
            Span<float> multiples = stackalloc float[3];
            for (int i = 0; i < multiples.Length; i++) multiples[i] = random.NextNormal() * options.Lighting;
            Lighting(multiples, shift);
        }
        Normalize(planes);
    }

    /// <summary>What is added to the levels of R, G and B for multiples of the three components.</summary>
    internal static void Lighting(ReadOnlySpan<float> multiples, Span<float> rgb)
    {
        for (int channel = 0; channel < 3; channel++)
        {
            float sum = 0;
            for (int i = 0; i < 3; i++) sum += eigenvectors[i][channel] * eigenvalues[i] * multiples[i];
            rgb[channel] = sum * 255;
        }
    }

    internal void Contrast(Span<float> planes, float factor)
    {
        double mean;
        if (input.Order == ChannelOrder.Gray)
        {
            mean = Mean(planes);
        }
        else
        {
            (Span<float> r, Span<float> g, Span<float> b) = Channels(planes);
            mean = Red * Mean(r) + Green * Mean(g) + Blue * Mean(b);
        }
        Blend(planes, factor, (float)(mean * (1 - factor)));
    }

    internal void Saturate(Span<float> planes, float factor)
    {
        (Span<float> r, Span<float> g, Span<float> b) = Channels(planes);
        float other = 1 - factor;
        for (int i = 0; i < r.Length; i++)
        {
            float luminance = (Red * r[i] + Green * g[i] + Blue * b[i]) * other;
            r[i] = Math.Clamp(r[i] * factor + luminance, 0, 255);
            g[i] = Math.Clamp(g[i] * factor + luminance, 0, 255);
            b[i] = Math.Clamp(b[i] * factor + luminance, 0, 255);
        }
    }

    internal static void Blend(Span<float> levels, float factor, float offset)
    {
        Span<Vector<float>> wide = MemoryMarshal.Cast<float, Vector<float>>(levels);
        foreach (ref Vector<float> value in wide) value = Vector.Min(Vector.Max(value * factor + new Vector<float>(offset), Vector<float>.Zero), new Vector<float>(255));
        for (int i = wide.Length * Vector<float>.Count; i < levels.Length; i++) levels[i] = Math.Clamp(levels[i] * factor + offset, 0, 255);
    }

    // One after another in double, so that the sum is the same whatever the machine's vectors.
    private static double Mean(ReadOnlySpan<float> plane)
    {
        double sum = 0;
        foreach (float level in plane) sum += level;
        return sum / plane.Length;
    }

    private static float Factor(float strength, ref PhiloxStream random) => random.NextSingle(1 - strength, 1 + strength);

    private void Normalize(Span<float> planes)
    {
        int channels = input.Mean.Count, plane = planes.Length / channels;
        for (int channel = 0; channel < channels; channel++)
        {
            Span<float> levels = planes.Slice(channel * plane, plane);
            float added = shift[input.Order == ChannelOrder.Bgr ? 2 - channel : channel], scale = input.Scale, mean = input.Mean[channel], deviation = input.Deviation[channel];
            Span<Vector<float>> wide = MemoryMarshal.Cast<float, Vector<float>>(levels);
            foreach (ref Vector<float> value in wide) value = ((value + new Vector<float>(added)) * scale - new Vector<float>(mean)) / new Vector<float>(deviation);
            for (int i = wide.Length * Vector<float>.Count; i < levels.Length; i++) levels[i] = ((levels[i] + added) * scale - mean) / deviation;
        }
    }

    private ChannelPlanes Channels(Span<float> planes)
    {
        int plane = planes.Length / 3;
        Span<float> first = planes[..plane], last = planes[(2 * plane)..];
        return input.Order == ChannelOrder.Bgr ? new ChannelPlanes(last, planes.Slice(plane, plane), first) : new ChannelPlanes(first, planes.Slice(plane, plane), last);
    }

    private readonly ref struct ChannelPlanes(Span<float> red, Span<float> green, Span<float> blue)
    {
        private readonly Span<float> red = red, green = green, blue = blue;

        public void Deconstruct(out Span<float> r, out Span<float> g, out Span<float> b)
        {
            r = red;
            g = green;
            b = blue;
        }
    }
}
