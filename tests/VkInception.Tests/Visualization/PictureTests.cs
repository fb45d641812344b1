using NUnit.Framework;
using VkInception.Imaging;
using VkInception.Training;
using VkInception.Visualization;

namespace VkInception.Tests.Visualization;

/// <summary>Pictures of activations and class activation maps, pixel by pixel.</summary>
public class PictureTests
{
    [Test]
    public void TheMapIsSampledBetweenTheMiddlesOfItsCells()
    {
        ClassActivationMap map = Map(2, 2, 0, 4, 8, 12);

        Assert.Multiple(() =>
        {
            Assert.That(HeatPicture.Sample(map, 0.25, 0.25), Is.EqualTo(0));
            Assert.That(HeatPicture.Sample(map, 0.5, 0.25), Is.EqualTo(2));
            Assert.That(HeatPicture.Sample(map, 0.5, 0.5), Is.EqualTo(6));
            Assert.That(HeatPicture.Sample(map, 0, 0), Is.EqualTo(0), "the edge holds the outermost value");
            Assert.That(HeatPicture.Sample(map, 1, 1), Is.EqualTo(12));
        });
    }

    [Test]
    public void HeatLiesWhereTheMapSaysAndTheRestIsDimmed()
    {
        // Gray, 8×4; the network saw the right half, and its right column is the class.
        byte[] photo = [.. Enumerable.Repeat((byte)100, 3 * 8 * 4)];
        byte[] pixels = Decoded(HeatPicture.Draw(photo, 8, 4, Map(1, 2, -1, 1), new PhotoArea(4, 0, 4, 4)));

        Assert.That(Pixel(pixels, 8, 0, 2), Is.EqualTo(new byte[] { 50, 50, 50 }), "not seen");
        Assert.That(Pixel(pixels, 8, 4, 2), Is.EqualTo(new byte[] { 100, 100, 100 }), "seen, nothing of the class");
        Assert.That(Pixel(pixels, 8, 7, 2)[0], Is.GreaterThan(150).And.GreaterThan(3 * Pixel(pixels, 8, 7, 2)[2]), "red");
    }

    [Test]
    public void AMapOfNothingLeavesThePhoto()
    {
        byte[] photo = [.. Enumerable.Range(0, 3 * 4 * 4).Select(i => (byte)(5 * i))];
        Assert.That(Decoded(HeatPicture.Draw(photo, 4, 4, Map(1, 1, float.NaN), new PhotoArea(0, 0, 4, 4))), Is.EqualTo(photo));
    }

    [Test]
    public void EveryActivationIsATileFromBlackToWhite()
    {
        // Three maps of 1×2 make two columns of tiles of 32×16, two pixels apart.
        Picture picture = ActivationPicture.Draw([-1, 1, 5, 5, 3, 2], 3, 1, 2);
        byte[] pixels = Decoded(picture);
        byte Gray(int x, int y) => pixels[3 * (picture.Width * y + x)];

        Assert.That((picture.Width, picture.Height), Is.EqualTo((2 * 34 + 2, 2 * 18 + 2)));
        Assert.That(new[] { Gray(2, 2), Gray(17, 17), Gray(18, 2), Gray(33, 17) }, Is.EqualTo(new byte[] { 0, 0, 255, 255 }), "the first");
        Assert.That(new[] { Gray(36, 2), Gray(67, 17) }, Is.EqualTo(new byte[] { 0, 0 }), "of one value");
        Assert.That(new[] { Gray(2, 20), Gray(33, 20) }, Is.EqualTo(new byte[] { 255, 0 }), "the third");
        Assert.That(Gray(1, 1), Is.EqualTo(40));
    }

    [Test]
    public void WhatDoesNotFitIsRefused()
    {
        Assert.That(() => ActivationPicture.Draw(new float[5], 2, 1, 2), Throws.TypeOf<VkInceptionException>());
        Assert.That(() => HeatPicture.Draw(new byte[5], 2, 1, Map(1, 1, 1), default), Throws.TypeOf<VkInceptionException>());
    }

    private static ClassActivationMap Map(int height, int width, params float[] values) => new("maps", ActivationMethod.Cam, 0, 1, height, width, [.. values]);

    private static byte[] Pixel(byte[] pixels, int width, int x, int y) => pixels[(3 * (y * width + x))..(3 * (y * width + x) + 3)];

    private static byte[] Decoded(Picture picture) => Photo.Decode(picture.Png, "picture").Pixels.ToArray();
}
