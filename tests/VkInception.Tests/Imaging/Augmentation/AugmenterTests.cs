using NUnit.Framework;
using VkInception.Imaging;
using VkInception.Imaging.Augmentation;

namespace VkInception.Tests.Imaging.Augmentation;

[TestFixture]
public sealed class AugmenterTests
{
    private const int Side = 16, Plane = Side * Side;

    // Levels as they are, so that pixels can be compared.
    private static readonly ImageInput plain = new(Side, Side, ResizeMode.ShortSide, Side, ChannelOrder.Rgb, [0, 0, 0], [1, 1, 1], 1);

    private static readonly Photo photo = PhotoSamples.Noise(Side, Side, 77);

    [Test]
    public void A_mirrored_image_is_the_image_from_right_to_left()
    {
        float[] upright = Levels(photo), mirrored = [.. upright];
        for (int start = 0; start < mirrored.Length; start += Side) Array.Reverse(mirrored, start, Side);
        int mirrors = 0;
        for (int i = 0; i < 1000; i++)
        {
            float[] image = Write(plain, new AugmentationOptions { Mirror = true }, i);
            bool isMirrored = image.AsSpan().SequenceEqual(mirrored);
            Assert.That(isMirrored || image.AsSpan().SequenceEqual(upright), Is.True);
            if (isMirrored) mirrors++;
        }
        Assert.That(mirrors, Is.EqualTo(500).Within(80));
    }

    [Test]
    public void A_padded_image_is_shifted_and_filled([Values] PaddingMode padding)
    {
        float[] levels = Levels(photo);
        AugmentationOptions options = AugmentationOptions.Cifar with { Padding = padding, PaddingShare = 0.5f };
        for (int i = 0; i < 300; i++)
        {
            var random = new PhiloxStream(9, (ulong)i);
            AugmentedView view = ViewSampler.Draw(Side, Side, plain, options, ref random);
            float[] image = Write(plain, options, i), expected = new float[image.Length];
            for (int at = 0; at < image.Length; at++)
            {
                int x = at % Side, y = at / Side % Side, channel = at / Plane;
                x = (view.Mirror ? Side - 1 - x : x) + view.ShiftX;
                y += view.ShiftY;
                bool inside = x is >= 0 and < Side && y is >= 0 and < Side;
                x = x < 0 ? -x : x >= Side ? 2 * Side - 2 - x : x;
                y = y < 0 ? -y : y >= Side ? 2 * Side - 2 - y : y;
                expected[at] = inside || padding == PaddingMode.Reflect ? levels[channel * Plane + y * Side + x] : 0;
            }
            Assert.That(image.AsSpan().SequenceEqual(expected), Is.True, $"draw {i}");
        }
    }

    [Test]
    public void A_random_part_is_cut_and_resized()
    {
        Photo large = PhotoSamples.Noise(53, 41, 5);
        AugmentationOptions options = AugmentationOptions.GoogLeNet with { Brightness = 0, Contrast = 0, Saturation = 0 };
        var augmenter = new Augmenter(plain, options);
        for (int i = 0; i < 200; i++)
        {
            var random = new PhiloxStream(9, (ulong)i);
            AugmentedView view = ViewSampler.Draw(53, 41, plain, options, ref random);
            var part = new byte[view.Source.Width * view.Source.Height * 3];
            for (int y = 0; y < view.Source.Height; y++)
                large.Pixels.Slice((int)((view.Source.Top + y) * 53 + view.Source.Left) * 3, view.Source.Width * 3).CopyTo(part.AsSpan(y * view.Source.Width * 3));
            float[] expected = Levels(new Photo(view.Source.Width, view.Source.Height, part).Resize(Side, Side, view.Interpolation));
            if (view.Mirror) for (int start = 0; start < expected.Length; start += Side) Array.Reverse(expected, start, Side);

            var image = new float[3 * Plane];
            augmenter.Write(large, new PhiloxStream(9, (ulong)i), image);
            Assert.That(image.AsSpan().SequenceEqual(expected), Is.True, $"draw {i}");
        }
    }

    [Test]
    public void An_image_depends_on_its_stream_alone()
    {
        float[] alone = Write(plain, AugmentationOptions.GoogLeNet, 5);
        var used = new Augmenter(plain, AugmentationOptions.GoogLeNet);
        var image = new float[3 * Plane];
        for (int i = 0; i < 20; i++) used.Write(PhotoSamples.Noise(20 + i, 30 - i, (uint)i), new PhiloxStream(1, (ulong)i), image);
        used.Write(photo, new PhiloxStream(9, 5), image);
        Assert.That(image, Is.EqualTo(alone));
    }

    [Test]
    public void Preprocessing_is_that_of_the_network()
    {
        foreach (ImageInput network in new[] { ImageInput.Torchvision.ScaledTo(Side, Side), ImageInput.Bvlc.ScaledTo(Side, Side) })
        {
            var expected = new float[3 * Plane];
            Preprocessor.Run(photo, network, new CropView(Side, Side, new CropBox(0, 0, Side, Side)), expected);
            Assert.That(Write(network, AugmentationOptions.None, 0), Is.EqualTo(expected));
            // A factor of 1 leaves every level as it is, through the arithmetic of the colours.
            Assert.That(Write(network, AugmentationOptions.None with { Lighting = 1e-30f }, 0), Is.EqualTo(expected).Within(1e-5f));
        }
    }

    [Test]
    public void Channel_order_does_not_change_the_colours()
    {
        AugmentationOptions options = AugmentationOptions.GoogLeNet with { Lighting = 0.1f };
        for (int i = 0; i < 20; i++)
        {
            float[] rgb = Write(plain, options, i), bgr = Write(plain with { Order = ChannelOrder.Bgr }, options, i);
            Assert.That((float[])[.. bgr[(2 * Plane)..], .. bgr[Plane..(2 * Plane)], .. bgr[..Plane]], Is.EqualTo(rgb));
        }
    }

    [Test]
    public void Gray_inputs_are_varied_too()
    {
        ImageInput gray = plain with { Order = ChannelOrder.Gray, Mean = [0], Deviation = [1] };
        float[] expected = new float[Plane];
        Preprocessor.Run(photo, gray, new CropView(Side, Side, new CropBox(0, 0, Side, Side)), expected);
        Assert.That(Write(gray, AugmentationOptions.None, 0), Is.EqualTo(expected));
        foreach (AugmentationOptions options in new[] { AugmentationOptions.GoogLeNet, AugmentationOptions.AlexNet, AugmentationOptions.Cifar })
            Assert.That(Write(gray, options, 1), Is.All.InRange(0, 255).And.Not.EqualTo(expected));
    }

    private static float[] Write(ImageInput input, AugmentationOptions options, int stream)
    {
        var image = new float[Preprocessor.ElementCount(input)];
        new Augmenter(input, options).Write(photo, new PhiloxStream(9, (ulong)stream), image);
        return image;
    }

    private static float[] Levels(Photo source)
    {
        var levels = new float[source.Pixels.Length];
        int plane = levels.Length / 3;
        for (int i = 0; i < levels.Length; i++) levels[i % 3 * plane + i / 3] = source.Pixels[i];
        return levels;
    }
}
