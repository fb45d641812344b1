namespace VkInception.Fuzz;

/// <summary>One way to spoil a file.</summary>
internal abstract class Mutation
{
    /// <summary>Numbers at which arithmetic breaks.</summary>
    protected static readonly long[] Interesting =
    [
        0, 1, 2, 3, 4, 7, 8, 15, 16, 31, 32, 63, 64, 65, 100, 127, 128, 129, 255, 256, 257, 1000, 1023, 1024, 4095, 4096, 32767, 32768, 65535, 65536, 65537,
        1 << 20, (1 << 24) - 1, 1 << 24, 1 << 28, 1 << 30, int.MaxValue - 1, int.MaxValue, 1L << 31, (1L << 31) + 1, uint.MaxValue - 1, uint.MaxValue, 1L << 32,
        1L << 40, 1L << 53, 1L << 62, long.MaxValue - 1, long.MaxValue, -1, -2, -128, -32768, int.MinValue, long.MinValue, long.MinValue + 1,
    ];

    /// <summary>A spoilt copy; null where this does not apply to the input.</summary>
    /// <param name="input">The file.</param>
    /// <param name="random">Decides everything.</param>
    /// <param name="other">Another file of the corpus, to take pieces from.</param>
    public abstract byte[]? Apply(byte[] input, Random random, byte[] other);

    /// <summary>How often to repeat a piece: seldom very often, and never to more than a megabyte.</summary>
    protected static int Times(Random random, int few, int many, int size)
        => random.Next(1, Math.Max(2, Math.Min(random.Next(24) == 0 ? many : few, (1 << 20) / Math.Max(1, size))));

    /// <summary>An interesting number, or one near what was there.</summary>
    protected static long Number(Random random, long old) => random.Next(5) switch
    {
        0 => old + random.Next(-4, 5),
        1 => unchecked(old * random.Next(2, 9)),
        2 => old ^ (1L << random.Next(63)),
        _ => Interesting[random.Next(Interesting.Length)],
    };
}
