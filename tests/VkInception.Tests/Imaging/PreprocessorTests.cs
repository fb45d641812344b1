using NUnit.Framework;
using VkInception.Imaging;

namespace VkInception.Tests.Imaging;

[TestFixture]
public sealed class PreprocessorTests
{
    private static readonly Photo Ramp = MakeRamp(40, 30);

    [Test]
    public void Short_side_keeps_the_aspect_and_rounds_down_as_torchvision()
    {
        Assert.That(CropPlan.ResizedSize(500, 375, ImageInput.Torchvision), Is.EqualTo((341L, 256L)));
        Assert.That(CropPlan.ResizedSize(375, 500, ImageInput.Torchvision), Is.EqualTo((256L, 341L)));
        Assert.That(CropPlan.ResizedSize(500, 375, ImageInput.Bvlc), Is.EqualTo((256L, 256L)));
        Assert.That(CropPlan.ResizedSize(1, 1_000_000, ImageInput.Torchvision), Is.EqualTo((256L, 256_000_000L)));
    }

    [TestCase(341, 256, 58, 16)]
    [TestCase(343, 225, 60, 0)]
    [TestCase(345, 227, 60, 2)]
    public void Centre_rounds_half_to_even(int width, int height, int left, int top)
        => Assert.That(CropBox.Centre(width, height, 224, 224), Is.EqualTo(new CropBox(left, top, 224, 224)));

    [Test]
    public void Values_are_those_of_torchvision_and_Caffe()
    {
        var gray = new ImageInput(224, 224, ResizeMode.ShortSide, 256, ChannelOrder.Gray, [0.5f], [0.25f], 1f / 255);
        ImageInput[] inputs = [ImageInput.Torchvision, ImageInput.Bvlc, gray];
        using var golden = new BinaryReader(new MemoryStream(PhotoSamples.Read("preprocess.bin")));
        while (golden.BaseStream.Position < golden.BaseStream.Length)
        {
            ImageInput input = inputs[golden.ReadInt32()];
            int width = golden.ReadInt32(), height = golden.ReadInt32(), count = golden.ReadInt32();
            var actual = new float[Preprocessor.ElementCount(input)];
            Preprocessor.Run(PhotoSamples.Noise(width, height, (uint)width), input, actual);
            for (int i = 0; i < count; i++)
                Assert.That(actual[i * 997], Is.EqualTo(golden.ReadSingle()).Within(2e-6f), $"{input.Order} {width}x{height}, element {i * 997}");
        }
    }

    [Test]
    public void Channels_follow_the_order_of_the_input()
    {
        var photo = new Photo(1, 1, [10, 20, 30]);
        Assert.That(Pixel(photo, ChannelOrder.Rgb, 3), Is.EqualTo(new float[] { 10, 20, 30 }));
        Assert.That(Pixel(photo, ChannelOrder.Bgr, 3), Is.EqualTo(new float[] { 30, 20, 10 }));
        Assert.That(Pixel(photo, ChannelOrder.Gray, 1), Is.EqualTo(new float[] { 18 }));
    }

    [Test]
    public void Mirror_reverses_each_row()
    {
        var input = new ImageInput(8, 8, ResizeMode.Warp, 8, ChannelOrder.Rgb, [0, 0, 0], [1, 1, 1], 1);
        float[] plain = new float[3 * 64], mirrored = new float[3 * 64];
        var crop = new CropBox(2, 1, 8, 8);
        Preprocessor.Run(Ramp, input, new CropView(20, 15, crop), plain);
        Preprocessor.Run(Ramp, input, new CropView(20, 15, crop, Mirror: true), mirrored);
        for (int start = 0; start < plain.Length; start += 8) plain.AsSpan(start, 8).Reverse();
        Assert.That(mirrored, Is.EqualTo(plain));
    }

    [TestCase(1, 1)]
    [TestCase(1, 5000)]
    [TestCase(5000, 1)]
    [TestCase(2, 3)]
    public void A_photo_of_any_shape_fills_the_input(int width, int height)
    {
        var pixels = new byte[width * height * 3];
        Array.Fill(pixels, (byte)77);
        foreach (ImageInput input in new[] { ImageInput.Torchvision, ImageInput.Bvlc })
        {
            var destination = new float[Preprocessor.ElementCount(input)];
            Preprocessor.Run(new Photo(width, height, pixels), input, destination);
            float expected = (77 * input.Scale - input.Mean[2]) / input.Deviation[2];
            Assert.That(destination[^1], Is.EqualTo(expected));
            Assert.That(destination[2 * 224 * 224], Is.EqualTo(expected));
        }
    }

    [Test]
    public void Contradictory_preprocessing_is_refused()
    {
        ImageInput sound = ImageInput.Torchvision;
        var destination = new float[3 * 224 * 224];
        ImageInput[] contradictions = [sound with { Mean = [0] }, sound with { Width = 300 }, sound with { Height = 0 }, sound with { Order = ChannelOrder.Gray }];
        foreach (ImageInput input in contradictions)
        {
            var error = Assert.Throws<VkInceptionException>(() => Preprocessor.Run(Ramp, input, destination));
            Assert.That(error!.Code, Is.EqualTo(ErrorCode.InvalidArgument));
        }
        Assert.That(Assert.Throws<VkInceptionException>(() => Preprocessor.Run(Ramp, sound, destination.AsSpan(1)))!.Message, Does.Contain("150527"));
    }

    private static float[] Pixel(Photo photo, ChannelOrder order, int channels)
    {
        var one = new ImageInput(1, 1, ResizeMode.Warp, 1, order, new float[channels], Enumerable.Repeat(1f, channels).ToArray(), 1);
        var values = new float[channels];
        Preprocessor.Run(photo, one, values);
        return values;
    }

    private static Photo MakeRamp(int width, int height)
        => new(width, height, Enumerable.Range(0, width * height * 3).Select(i => (byte)(i * 7 % 251)).ToArray());
}
