using NUnit.Framework;
using VkInception.Imaging;

namespace VkInception.Tests.Imaging;

/// <summary>Every kind of file against what PIL reads from it.</summary>
[TestFixture]
public sealed class PhotoTests
{
    [TestCaseSource(typeof(PhotoSamples), nameof(PhotoSamples.Pictures))]
    public void A_picture_has_the_pixels_that_PIL_reads(string picture)
    {
        Photo expected = PhotoSamples.Expected(picture);
        Photo photo = Photo.Load(PhotoSamples.PathOf(picture));
        Assert.That((photo.Width, photo.Height), Is.EqualTo((expected.Width, expected.Height)));
        Assert.That(PhotoSamples.MaxDifference(photo.Pixels, expected.Pixels), Is.LessThanOrEqualTo(1));
    }

    [Test]
    public void The_samples_are_there() => Assert.That(PhotoSamples.Pictures.Count(), Is.GreaterThan(45));

    [Test]
    public void Orientations_differ()
    {
        // Guards the samples: if they carried no orientation, the comparison with PIL would hold for a reader that ignores it.
        var upright = Photo.Load(PhotoSamples.PathOf("orientation-1.jpg"));
        for (int orientation = 2; orientation <= 8; orientation++)
        {
            var photo = Photo.Load(PhotoSamples.PathOf($"orientation-{orientation}.jpg"));
            Assert.That(photo.Pixels.SequenceEqual(upright.Pixels), Is.False, $"orientation {orientation}");
            Assert.That(photo.Width, Is.EqualTo(orientation >= 5 ? upright.Height : upright.Width));
        }
    }

    [Test]
    public void The_name_plays_no_part()
    {
        Photo photo = Photo.Decode(PhotoSamples.Read("rgb.png"), "misnamed.jpg");
        Assert.That(photo.Pixels.SequenceEqual(PhotoSamples.Expected("rgb.png").Pixels), Is.True);
    }

    [Test]
    public void Bytes_after_the_picture_are_ignored()
    {
        foreach (string name in new[] { "baseline-420.jpg", "rgb.png", "palette.gif", "rgb.bmp" })
        {
            byte[] longer = [.. PhotoSamples.Read(name), .. new byte[1000]];
            Assert.That(Photo.Decode(longer, name).Pixels.SequenceEqual(PhotoSamples.Expected(name).Pixels), Is.True, name);
        }
    }

    [Test]
    public void Another_codec_takes_the_place()
    {
        var options = new PhotoOptions { Decoder = new OnePixelPerByte() };
        Photo photo = Photo.Decode(PhotoSamples.Read("orientation-6.jpg"), "photo", options);
        Assert.That((photo.Width, photo.Height), Is.EqualTo((19, 29)));
        Assert.That(photo.Pixels[0], Is.EqualTo(7));
    }

    private sealed class OnePixelPerByte : IImageDecoder
    {
        public Photo Decode(ReadOnlySpan<byte> file, in ImageHeader header, string name)
        {
            var pixels = new byte[header.Width * header.Height * 3];
            Array.Fill(pixels, (byte)7);
            return new Photo(header.Width, header.Height, pixels);
        }
    }
}
