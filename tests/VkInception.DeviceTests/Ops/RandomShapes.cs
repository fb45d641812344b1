using FsCheck;
using FsCheck.Fluent;
using VkInception.Graph;

namespace VkInception.DeviceTests.Ops;

/// <summary>Small shapes and windows that stress borders: odd sizes, single pixels, strides beyond the size, padding at any edge, batches.</summary>
internal static class RandomShapes
{
    /// <summary>Runs a property for so many seeds; a failure names its seed.</summary>
    public static void ForAny(int runs, Action<Random> property)
        => Check.One(Config.QuickThrowOnFailure.WithMaxTest(runs), Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed => property(new Random(seed))));

    /// <summary>Channels: half of the time a multiple of four.</summary>
    public static int Channels(Random random) => random.Next(2) == 0 ? 4 * random.Next(1, 6) : random.Next(1, 20);

    /// <summary>N C H W.</summary>
    public static Shape Image(Random random, int largest = 12) => [random.Next(1, 4), Channels(random), random.Next(1, largest), random.Next(1, largest)];

    /// <summary>Any rank.</summary>
    public static Shape Any(Random random, int rank)
        => Shape.Create([.. Enumerable.Range(0, rank).Select(_ => random.Next(3) == 0 ? 4 * random.Next(1, 3) : random.Next(1, 6))]);

    /// <summary>A window that fits nothing in particular: padding may differ on every side, the stride may exceed the kernel.</summary>
    public static Window Window(Random random, bool dilated = true, bool smallPadding = false)
    {
        int kh = random.Next(1, 6), kw = random.Next(1, 6);
        int Pad(int kernel) => random.Next(0, smallPadding ? kernel : kernel + 2);
        int Dilation() => dilated && random.Next(3) == 0 ? random.Next(2, 4) : 1;
        return new Window(kh, kw, random.Next(1, 5), random.Next(1, 5), Pad(kh), Pad(kw), Pad(kh), Pad(kw), Dilation(), Dilation());
    }

    /// <summary>Whether an operation takes these shapes.</summary>
    public static bool Fits(Op op, params Shape[] shapes)
    {
        try
        {
            op.Infer([.. shapes]);
            return true;
        }
        catch (VkInceptionException)
        {
            return false;
        }
    }
}
