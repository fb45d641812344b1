using NUnit.Framework;
using VkInception.Imaging;
using VkInception.Imaging.Augmentation;

namespace VkInception.Tests.Imaging.Augmentation;

[TestFixture]
public sealed class ColourDistortionTests
{
    private static readonly ImageInput plain = new(3, 1, ResizeMode.Warp, 3, ChannelOrder.Rgb, [0, 0, 0], [1, 1, 1], 1);

    private static readonly ColourDistortion colours = new(plain, AugmentationOptions.GoogLeNet);

    [Test]
    public void Brightness_multiplies_and_is_clipped()
    {
        float[] levels = [0, 10, 100, 200, 255, 1, 2, 3, 4];
        ColourDistortion.Blend(levels, 1.4f, 0);
        Assert.That(levels, Is.EqualTo(new[] { 0, 14, 140, 255, 255, 1.4f, 2.8f, 4.2f, 5.6f }).Within(1e-4f));
    }

    [Test]
    public void Contrast_stretches_from_the_mean_luminance()
    {
        // Reds 30, 60, 90; greens 100, 110, 120; blues 0, 0, 30: the means 60, 110 and 10 give 0.299·60 + 0.587·110 + 0.114·10 = 83.65.
        float[] levels = [30, 60, 90, 100, 110, 120, 0, 0, 30];
        colours.Contrast(levels, 0.5f);
        Assert.That(levels, Is.EqualTo(new[] { 56.825f, 71.825f, 86.825f, 91.825f, 96.825f, 101.825f, 41.825f, 41.825f, 56.825f }).Within(1e-3f));
        float[] beyond = [30, 60, 90, 100, 110, 120, 0, 0, 30];
        colours.Contrast(beyond, 2);
        Assert.That(beyond[6], Is.Zero, "below black is black");
    }

    [Test]
    public void Saturation_moves_between_the_pixel_and_its_luminance()
    {
        // One pixel (200, 100, 50): 0.299·200 + 0.587·100 + 0.114·50 = 124.2.
        float[] levels = [200, 0, 0, 100, 0, 0, 50, 0, 0];
        colours.Saturate(levels, 0);
        Assert.That(new[] { levels[0], levels[3], levels[6] }, Is.All.EqualTo(124.2f).Within(1e-3f));
        float[] stronger = [200, 0, 0, 100, 0, 0, 50, 0, 0];
        colours.Saturate(stronger, 1.4f);
        Assert.That(new[] { stronger[0], stronger[3], stronger[6] }, Is.EqualTo(new[] { 230.32f, 90.32f, 20.32f }).Within(1e-3f));
    }

    [Test]
    public void Lighting_is_the_published_components()
    {
        var rgb = new float[3];
        // 255 · 0.2175 · (-0.5675, -0.5808, -0.5836)
        ColourDistortion.Lighting([1, 0, 0], rgb);
        Assert.That(rgb, Is.EqualTo(new[] { -31.4749f, -32.2126f, -32.3679f }).Within(1e-3f));
        // 255 · (0.2175·0.1·p1 + 0.0188·0.2·p2 - 0.0045·0.3·p3), by hand.
        ColourDistortion.Lighting([0.1f, 0.2f, -0.3f], rgb);
        Assert.That(rgb, Is.EqualTo(new[] { -2.5959f, -2.9454f, -4.0477f }).Within(1e-3f));
    }

    [Test]
    public void Lighting_has_the_deviation_that_was_asked_for()
    {
        // The multiples are found again by projecting what was added on the components, which are orthogonal to within 0.001.
        float[][] axes = [[-0.5675f, -0.5808f, -0.5836f], [0.7192f, -0.0045f, -0.6948f], [0.4009f, -0.8140f, 0.4203f]];
        float[] values = [0.2175f, 0.0188f, 0.0045f];
        var input = plain with { Width = 1, ResizeTo = 1 };
        var gray = new Photo(1, 1, [128, 128, 128]);
        var augmenter = new Augmenter(input, new AugmentationOptions { Lighting = 0.1f });
        var sums = new double[3];
        const int Count = 4000;
        for (int i = 0; i < Count; i++)
        {
            var rgb = new float[3];
            augmenter.Write(gray, new PhiloxStream(5, (ulong)i), rgb);
            double[] alpha = new double[3];
            for (int axis = 0; axis < 3; axis++)
            {
                for (int c = 0; c < 3; c++) alpha[axis] += (rgb[c] - 128) * axes[axis][c] / (255 * values[axis]);
                sums[axis] += alpha[axis] * alpha[axis];
            }
        }
        // Leakage of the first component into the third is below a tenth of its own variance.
        Assert.That(Math.Sqrt(sums[0] / Count), Is.EqualTo(0.1).Within(0.005));
        Assert.That(Math.Sqrt(sums[1] / Count), Is.EqualTo(0.1).Within(0.005));
        Assert.That(Math.Sqrt(sums[2] / Count), Is.EqualTo(0.1).Within(0.01));
    }

    [Test]
    public void Factors_and_orders_vary()
    {
        var input = plain with { Width = 1, ResizeTo = 1 };
        var photo = new Photo(1, 1, [100, 100, 100]);
        var augmenter = new Augmenter(input, new AugmentationOptions { Brightness = 0.4f });
        var levels = new List<float>();
        for (int i = 0; i < 2000; i++)
        {
            var rgb = new float[3];
            augmenter.Write(photo, new PhiloxStream(6, (ulong)i), rgb);
            levels.Add(rgb[0]);
        }
        Assert.That(levels, Is.All.InRange(59.99f, 140.01f));
        Assert.That((levels.Min(), levels.Max()), Is.EqualTo((60f, 140f)).Using<(float, float)>((a, b) => Math.Abs(a.Item1 - b.Item1) < 0.5 && Math.Abs(a.Item2 - b.Item2) < 0.5));
        Assert.That(levels.Average(), Is.EqualTo(100).Within(2.6));

        // Clipping at white makes the order visible: a bright pixel, brightened and then dulled, differs from dulled and then brightened.
        var both = new Augmenter(plain, new AugmentationOptions { Brightness = 1, Contrast = 1 });
        var clipped = new Photo(3, 1, [250, 250, 250, 10, 10, 10, 240, 240, 240]);
        var results = new HashSet<float>();
        for (int i = 0; i < 50; i++)
        {
            var rgb = new float[9];
            both.Write(clipped, new PhiloxStream(7, (ulong)i), rgb);
            Assert.That(rgb, Is.All.InRange(0, 255));
            results.Add(rgb[0]);
        }
        Assert.That(results, Has.Count.GreaterThan(25));
    }
}
