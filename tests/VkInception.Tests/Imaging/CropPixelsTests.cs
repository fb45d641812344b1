using NUnit.Framework;
using VkInception.Imaging;
using VkInception.Imaging.Batches;
using VkInception.Imaging.Datasets;

namespace VkInception.Tests.Imaging;

/// <summary>Every view of a photo, pixel by pixel, against a plain reference: the whole photo resized, rows and columns copied out of it.</summary>
[TestFixture]
public sealed class CropPixelsTests
{
    private const int Side = 28;
    private static readonly ImageInput input = new(Side, Side, ResizeMode.ShortSide, 32, ChannelOrder.Bgr, [1, 2, 3], [1, 1, 1], 1);

    // The squares' crops go to 11/8 of the short side; 36×24 is 66×44 then, a multiple that leaves no halves, and 41×23 is none.
    private static readonly (int Width, int Height)[] photos = [(36, 24), (24, 36), (30, 30), (41, 23), (23, 61)];

    [Test]
    public void EveryViewIsThePartOfTheResizedPhotoThatThePaperNames([Values(1, 10, 144)] int crops, [ValueSource(nameof(photos))] (int Width, int Height) size)
    {
        Photo photo = PhotoSamples.Noise(size.Width, size.Height, 5);
        IReadOnlyList<CropView> views = CropPlan.Create(crops, photo.Width, photo.Height, input);
        float[][] expected = [.. Expected(crops, photo)];

        Assert.That(views, Has.Count.EqualTo(crops));
        var actual = new float[Preprocessor.ElementCount(input)];
        for (int view = 0; view < crops; view++)
        {
            Preprocessor.Run(photo, input, views[view], actual);
            Assert.That(actual.AsSpan().SequenceEqual(expected[view]), $"view {view} of {crops}, {views[view]}");
        }
    }

    [Test]
    public void SeveralPreprocessingsAndViewsShareOneDecoding([Values(1, 10, 144)] int crops)
    {
        using var folder = new TemporaryFolder();
        Photo[] samples = [.. photos.Select((size, i) => PhotoSamples.Noise(size.Width, size.Height, (uint)i + 1))];
        for (int i = 0; i < samples.Length; i++)
            File.WriteAllBytes(folder.PathOf($"{i}.png"), PngWriter.Encode(samples[i].Width, samples[i].Height, samples[i].Pixels));
        File.WriteAllLines(folder.PathOf("list.txt"), samples.Select((_, i) => $"{i}.png {i}"));
        var counted = new CountingDecoder();
        var dataset = Dataset.Open(folder.PathOf("list.txt"), new DatasetOptions { EvaluationOnly = true, CacheBytes = 0, Photos = PhotoOptions.Default with { Decoder = counted } });
        ImageInput other = input with { Width = 20, Height = 20, Order = ChannelOrder.Rgb };
        using var batches = new EvaluationBatches(dataset.Evaluation!, [input, other], new BatchOptions { BatchSize = 2, Threads = 1 }, crops);

        int image = 0;
        while (batches.Next() is { } batch)
        {
            int stride = crops * (Preprocessor.ElementCount(input) + Preprocessor.ElementCount(other));
            for (int n = 0; n < batch.Count; n++, image++)
            {
                float[] expected = [.. Views(samples[image], input, crops), .. Views(samples[image], other, crops)];
                Assert.That(batch.Images.AsSpan(n * stride, stride).SequenceEqual(expected), $"image {image}");
            }
            batch.Dispose();
        }
        Assert.That((image, counted.Decoded), Is.EqualTo((samples.Length, samples.Length)), "each image is decoded once, whatever the crops and networks");
    }

    private static IEnumerable<float> Views(Photo photo, ImageInput input, int crops)
    {
        var view = new float[Preprocessor.ElementCount(input)];
        foreach (CropView one in CropPlan.Create(crops, photo.Width, photo.Height, input))
        {
            Preprocessor.Run(photo, input, one, view);
            foreach (float value in view) yield return value;
        }
    }

    /// <summary>The views in words of 1409.4842, section 7, and of torchvision's TenCrop, without the program's plan.</summary>
    private static IEnumerable<float[]> Expected(int crops, Photo photo)
    {
        List<Photo> plain = crops switch
        {
            1 => [Centre(Short(photo, 32))],
            10 => Five(Short(photo, 32)),
            _ => [.. new[] { 32, 36, 40, 44 }.SelectMany(side => Squares(photo, side))],
        };
        foreach (Photo view in plain) yield return Input(view, mirrored: false);
        if (crops == 1) yield break;
        foreach (Photo view in plain) yield return Input(view, mirrored: true);
    }

    /// <summary>Left, centre and right square (of a portrait: top, centre, bottom); of each the corners, the centre, and the square itself as large as the input.</summary>
    private static IEnumerable<Photo> Squares(Photo photo, int side)
    {
        Photo whole = Short(photo, side), small = photo.Resize(whole.Width * Side / side, whole.Height * Side / side);
        for (int square = 0; square < 3; square++)
        {
            Photo cut = Cut(whole, (whole.Width - side) * square / 2, (whole.Height - side) * square / 2, side);
            foreach (Photo view in Five(cut)) yield return view;
            yield return Cut(small, (small.Width - Side) * square / 2, (small.Height - Side) * square / 2, Side);
        }
    }

    private static List<Photo> Five(Photo p) =>
        [Cut(p, 0, 0, Side), Cut(p, p.Width - Side, 0, Side), Cut(p, 0, p.Height - Side, Side), Cut(p, p.Width - Side, p.Height - Side, Side), Centre(p)];

    private static Photo Centre(Photo p) => Cut(p, (int)Math.Round((p.Width - Side) / 2.0), (int)Math.Round((p.Height - Side) / 2.0), Side);

    private static Photo Short(Photo p, int side) => p.Width <= p.Height ? p.Resize(side, side * p.Height / p.Width) : p.Resize(side * p.Width / p.Height, side);

    private static Photo Cut(Photo p, int left, int top, int side)
    {
        var pixels = new List<byte>();
        for (int y = top; y < top + side; y++)
            for (int x = left; x < left + side; x++)
                for (int c = 0; c < 3; c++) pixels.Add(p.Pixels[3 * (y * p.Width + x) + c]);
        return new Photo(side, side, pixels.ToArray());
    }

    /// <summary>Planes of blue, green, red, each less its mean.</summary>
    private static float[] Input(Photo p, bool mirrored)
    {
        var values = new List<float>();
        for (int c = 0; c < 3; c++)
            for (int y = 0; y < p.Height; y++)
                for (int x = 0; x < p.Width; x++) values.Add(p.Pixels[3 * (y * p.Width + (mirrored ? p.Width - 1 - x : x)) + 2 - c] - (c + 1));
        return [.. values];
    }

    private sealed class CountingDecoder : IImageDecoder
    {
        private readonly PixbufDecoder inner = new();
        private int decoded;

        public int Decoded => decoded;

        public Photo Decode(ReadOnlySpan<byte> file, in ImageHeader header, string name)
        {
            Interlocked.Increment(ref decoded);
            return inner.Decode(file, header, name);
        }
    }
}
