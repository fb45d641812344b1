using NUnit.Framework;
using VkInception.Imaging;

namespace VkInception.Tests.Imaging;

[TestFixture]
public sealed class ResamplerTests
{
    [Test]
    public void Resizing_gives_PILs_bytes()
    {
        using var golden = new BinaryReader(new MemoryStream(PhotoSamples.Read("resize.bin")));
        uint index = 0;
        for (; golden.BaseStream.Position < golden.BaseStream.Length; index++)
        {
            Interpolation interpolation = golden.ReadInt32() == 0 ? Interpolation.Bilinear : Interpolation.Bicubic;
            int width = golden.ReadInt32(), height = golden.ReadInt32(), newWidth = golden.ReadInt32(), newHeight = golden.ReadInt32();
            var box = new CropBox(golden.ReadInt32(), golden.ReadInt32(), golden.ReadInt32(), golden.ReadInt32());
            byte[] expected = golden.ReadBytes(box.Width * box.Height * 3);

            Photo actual = PhotoSamples.Noise(width, height, index).ResizeAndCrop(newWidth, newHeight, box, interpolation);
            Assert.That(PhotoSamples.MaxDifference(actual.Pixels, expected), Is.Zero, $"{interpolation} {width}x{height} to {newWidth}x{newHeight}");
        }
        Assert.That(index, Is.EqualTo(32));
    }

    [Test]
    public void A_crop_equals_the_same_part_of_the_whole([Values] Interpolation interpolation)
    {
        Photo source = PhotoSamples.Noise(53, 37, 5);
        Photo whole = source.Resize(31, 43, interpolation);
        var box = new CropBox(11, 17, 13, 19);
        Photo part = source.ResizeAndCrop(31, 43, box, interpolation);
        for (int y = 0; y < box.Height; y++)
        {
            ReadOnlySpan<byte> expected = whole.Pixels.Slice((int)((box.Top + y) * 31 + box.Left) * 3, box.Width * 3);
            Assert.That(part.Pixels.Slice(y * box.Width * 3, box.Width * 3).SequenceEqual(expected), Is.True, $"row {y}");
        }
    }

    [Test]
    public void An_extreme_resize_is_refused_and_a_tall_photo_takes_little_memory()
    {
        Photo tall = PhotoSamples.Noise(2, 400_000, 3);
        Assert.That(Assert.Throws<VkInceptionException>(() => tall.Resize(900_000, 1))!.Code, Is.EqualTo(ErrorCode.InvalidArgument));
        long before = GC.GetTotalAllocatedBytes(precise: true);
        tall.Resize(256, 256);
        Assert.That(GC.GetTotalAllocatedBytes(precise: true) - before, Is.LessThan(20_000_000));
    }

    [TestCase(0, 5, 0, 0, 1, 1)]
    [TestCase(5, 5, 1, 0, 5, 5)]
    [TestCase(5, 5, -1, 0, 2, 2)]
    [TestCase(5, 5, 0, 0, 0, 1)]
    [TestCase(5, 5, 0, long.MaxValue, 1, 1)]
    public void A_crop_outside_the_photo_is_refused(long width, long height, long left, long top, int cropWidth, int cropHeight)
    {
        Photo photo = PhotoSamples.Noise(3, 3, 1);
        var error = Assert.Throws<VkInceptionException>(() => photo.ResizeAndCrop(width, height, new CropBox(left, top, cropWidth, cropHeight)));
        Assert.That(error!.Code, Is.EqualTo(ErrorCode.InvalidArgument));
    }
}
