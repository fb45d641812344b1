using NUnit.Framework;
using VkInception.Imaging;
using VkInception.Tests.Weights;

namespace VkInception.Tests.Core;

public class PngWriterTests
{
    [TestCase(1, 1, 3)]
    [TestCase(7, 5, 3)]
    [TestCase(64, 48, 3)]
    [TestCase(9, 33, 1)]
    [TestCase(1, 17, 1)]
    public void ADecoderGetsThePixelsBack(int width, int height, int channels)
    {
        // Part smooth, part noise, so that different filters win on different rows.
        var random = new Random(width);
        byte[] pixels = [.. Enumerable.Range(0, width * height * channels).Select(i => (byte)(i / (width * channels) % 3 == 0 ? random.Next(256) : i / channels))];
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, PngWriter.Encode(width, height, pixels));
            Photo photo = Photo.Load(path);
            Assert.That((photo.Width, photo.Height), Is.EqualTo((width, height)));
            Assert.That(photo.Pixels.ToArray(), Is.EqualTo(channels == 3 ? pixels : [.. pixels.SelectMany(p => new[] { p, p, p })]));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public void SmoothPicturesBecomeSmall() =>
        Assert.That(PngWriter.Encode(256, 256, [.. Enumerable.Range(0, 256 * 256).Select(i => (byte)(i % 256 + i / 256))]), Has.Length.LessThan(2000));

    [TestCase(0, 1, 0)]
    [TestCase(2, 2, 5)]
    [TestCase(70000, 1, 70000)]
    [TestCase(-1, -1, 1)]
    public void WhatDoesNotFitIsRefused(int width, int height, int bytes) =>
        Assert.That(() => PngWriter.Encode(width, height, new byte[bytes]), Refuses.With(ErrorCode.InvalidArgument, $"{width}x{height}"));
}
