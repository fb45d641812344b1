using NUnit.Framework;
using VkInception.Imaging;
using VkInception.Imaging.Augmentation;

namespace VkInception.Tests.Imaging.Augmentation;

[TestFixture]
public sealed class ViewSamplerTests
{
    private const int Draws = 5000;

    private static readonly ImageInput input = ImageInput.Torchvision.ScaledTo(32, 32);

    [Test]
    public void Random_parts_keep_to_the_ranges_and_fill_them()
    {
        const int Width = 500, Height = 375;
        var areas = new List<double>();
        var aspects = new List<double>();
        int fallbacks = 0;
        for (int i = 0; i < Draws; i++)
        {
            var random = new PhiloxStream(1, (ulong)i);
            CropBox part = ViewSampler.RandomPart(Width, Height, AugmentationOptions.GoogLeNet, ref random);
            Assert.That(part.IsInside(Width, Height), Is.True);
            if (part == new CropBox(0, 0, Width, Height)) fallbacks++;
            double area = (double)part.Width * part.Height / (Width * Height), aspect = part.Width / (double)part.Height;
            Assert.That(area, Is.InRange(0.0785, 1));
            // A side of 106 pixels or more is rounded by half a pixel.
            Assert.That(aspect, Is.InRange(0.75 * 0.99, 4.0 / 3 * 1.01));
            areas.Add(area);
            aspects.Add(Math.Log(aspect));
        }
        Assert.That(areas.Min(), Is.LessThan(0.09));
        Assert.That(areas.Max(), Is.GreaterThan(0.95));
        Assert.That(aspects.Min(), Is.LessThan(Math.Log(0.76)));
        Assert.That(aspects.Max(), Is.GreaterThan(Math.Log(1.32)));
        Assert.That(fallbacks, Is.LessThan(Draws / 50));
        // Draws that do not fit are drawn again, which takes from the large ones only: below half the area the density is even.
        int lower = areas.Count(area => area is > 0.10 and < 0.25), upper = areas.Count(area => area is > 0.25 and < 0.40);
        Assert.That(lower / (double)upper, Is.EqualTo(1).Within(0.2));
    }

    [TestCase(1000, 1)]
    [TestCase(1, 1000)]
    [TestCase(1, 1)]
    [TestCase(2, 1)]
    [TestCase(300, 100)]
    public void Photos_of_any_shape_have_a_part(int width, int height)
    {
        for (int i = 0; i < 200; i++)
        {
            var random = new PhiloxStream(2, (ulong)i);
            Assert.That(ViewSampler.RandomPart(width, height, AugmentationOptions.GoogLeNet, ref random).IsInside(width, height), Is.True);
        }
    }

    [Test]
    public void When_no_draw_fits_the_largest_central_part_of_a_possible_aspect_is_taken()
    {
        AugmentationOptions whole = AugmentationOptions.GoogLeNet with { MinArea = 1 };
        var random = new PhiloxStream(3, 3);
        Assert.That(ViewSampler.RandomPart(300, 99, whole, ref random), Is.EqualTo(new CropBox(84, 0, 132, 99)));
        Assert.That(ViewSampler.RandomPart(90, 200, whole, ref random), Is.EqualTo(new CropBox(0, 40, 90, 120)));
    }

    [Test]
    public void Every_interpolation_and_both_mirrors_are_drawn_alike()
    {
        var counts = new Dictionary<(Interpolation, bool), int>();
        for (int i = 0; i < Draws; i++)
        {
            AugmentedView view = Draw(AugmentationOptions.GoogLeNet, i, 60, 50);
            counts[(view.Interpolation, view.Mirror)] = counts.GetValueOrDefault((view.Interpolation, view.Mirror)) + 1;
        }
        Assert.That(counts, Has.Count.EqualTo(8));
        Assert.That(counts.Values, Is.All.EqualTo(Draws / 8).Within(150));
    }

    [Test]
    public void Random_places_fill_the_central_square()
    {
        var places = new HashSet<(long, long)>();
        for (int i = 0; i < Draws; i++)
        {
            // 32 to 37 as 224 to 256: a photo of 90x45 becomes 74x37, its central square begins at 18 (half of 37, to even).
            AugmentedView view = Draw(AugmentationOptions.AlexNet, i, 90, 45);
            Assert.That((view.Width, view.Height, view.Region.Width, view.Region.Height), Is.EqualTo((74, 37, 32, 32)));
            places.Add((view.Region.Left, view.Region.Top));
        }
        Assert.That(places, Has.Count.EqualTo(36));
        Assert.That(places.Select(place => place.Item1).Distinct(), Is.EquivalentTo(new long[] { 18, 19, 20, 21, 22, 23 }));
        Assert.That(places.Select(place => place.Item2).Distinct(), Is.EquivalentTo(new long[] { 0, 1, 2, 3, 4, 5 }));
    }

    [Test]
    public void Padded_shifts_reach_from_edge_to_edge()
    {
        var shifts = new HashSet<(int, int)>();
        for (int i = 0; i < Draws; i++)
        {
            AugmentedView view = Draw(AugmentationOptions.Cifar, i, 32, 32);
            Assert.That((view.Width, view.Height, view.Region), Is.EqualTo((32, 32, new CropBox(0, 0, 32, 32))));
            shifts.Add((view.ShiftX, view.ShiftY));
        }
        Assert.That(shifts, Has.Count.EqualTo(81));
        Assert.That(shifts.Select(shift => shift.Item1), Is.All.InRange(-4, 4));
        Assert.That(shifts.Select(shift => shift.Item2), Is.All.InRange(-4, 4));
    }

    [Test]
    public void Impossible_options_are_refused()
    {
        AugmentationOptions sound = AugmentationOptions.GoogLeNet;
        AugmentationOptions[] wrong =
        [
            sound with { MinArea = 0 }, sound with { MinArea = 0.5f, MaxArea = 0.4f }, sound with { MaxArea = float.NaN }, sound with { MinAspect = 0 }, sound with { MaxAspect = float.PositiveInfinity },
            sound with { Interpolations = [] }, sound with { Interpolations = [(Interpolation)9] }, sound with { ResizeRatio = 0.9f }, sound with { PaddingShare = 0.6f },
            sound with { Brightness = -1 }, sound with { Contrast = 2 }, sound with { Saturation = float.NaN }, sound with { Lighting = -0.1f },
        ];
        foreach (AugmentationOptions options in wrong)
            Assert.That(Assert.Throws<VkInceptionException>(options.Demand)!.Code, Is.EqualTo(ErrorCode.InvalidArgument));
        Assert.DoesNotThrow(sound.Demand);
    }

    private static AugmentedView Draw(AugmentationOptions options, int stream, int width, int height)
    {
        var random = new PhiloxStream(4, (ulong)stream);
        return ViewSampler.Draw(width, height, input, options, ref random);
    }
}
