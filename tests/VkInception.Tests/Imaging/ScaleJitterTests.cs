using NUnit.Framework;
using VkInception.Imaging;
using VkInception.Imaging.Augmentation;

namespace VkInception.Tests.Imaging;

/// <summary>The scales and places that VGG's and ResNet's training photos are cut at.</summary>
[TestFixture]
public sealed class ScaleJitterTests
{
    private const int Draws = 20_000;

    private static readonly AugmentationOptions vgg = AugmentationOptions.Vgg, resnet = AugmentationOptions.ResNet;

    [TestCase(500, 375, "vgg", 224, 256, 512)]
    [TestCase(375, 500, "vgg", 224, 256, 512)]
    [TestCase(300, 300, "resnet", 224, 256, 480)]
    [TestCase(64, 48, "vgg", 32, 37, 73)]
    public void EveryShortSideOfTheRangeIsAsLikely(int width, int height, string name, int side, int least, int greatest)
    {
        var counts = new int[greatest - least + 1];
        foreach (AugmentedView view in Views(width, height, name, side))
        {
            (long shorter, long longer) = view.Width < view.Height ? (view.Width, view.Height) : (view.Height, view.Width);
            Assert.That(shorter, Is.InRange(least, greatest));
            Assert.That(longer, Is.EqualTo(shorter * Math.Max(width, height) / Math.Min(width, height)), "the aspect is the photo's");
            counts[shorter - least]++;
        }
        double expected = (double)Draws / counts.Length;
        double chiSquared = counts.Sum(n => (n - expected) * (n - expected) / expected);
        // Its mean is the degrees of freedom, its deviation the root of twice that.
        int freedom = counts.Length - 1;
        Assert.That(chiSquared, Is.EqualTo(freedom).Within(5 * Math.Sqrt(2 * freedom)));
    }

    [Test]
    public void ThePlaceIsAnyOfTheWholePhotoNotOfItsCentre()
    {
        bool isLeft = false, isRight = false;
        foreach (AugmentedView view in Views(600, 300, "vgg", 224))
        {
            CropBox region = view.Region;
            Assert.That((region.Width, region.Height), Is.EqualTo((224, 224)));
            Assert.That(region.Left, Is.InRange(0, view.Width - 224));
            Assert.That(region.Top, Is.InRange(0, view.Height - 224));
            isLeft |= region.Left + 224 < (view.Width - view.Height) / 2 + 112;
            isRight |= region.Left > (view.Width + view.Height) / 2 - 112;
        }
        Assert.That(isLeft && isRight, Is.True, "regions that lie for the most part beside the central square");
    }

    [Test]
    public void HalfAreMirrored()
        => Assert.That(Views(64, 48, "vgg", 32).Count(view => view.Mirror), Is.EqualTo(Draws / 2).Within(5 * Math.Sqrt(Draws) / 2));

    [Test]
    public void ARangeThatIsNoneIsRefused()
        => Assert.That(() => (vgg with { MaxResizeRatio = 1 }).Demand(), Throws.TypeOf<VkInceptionException>().With.Message.Contains("greatest resize ratio"));

    private static IEnumerable<AugmentedView> Views(int width, int height, string name, int side)
    {
        ImageInput input = ImageInput.Torchvision.ScaledTo(side, side);
        AugmentationOptions options = name == "vgg" ? vgg : resnet;
        for (int i = 0; i < Draws; i++)
        {
            PhiloxStream random = Stream(i);
            yield return ViewSampler.Draw(width, height, input, options, ref random);
        }
    }

    private static PhiloxStream Stream(int number) => new(1409, (ulong)number);
}
