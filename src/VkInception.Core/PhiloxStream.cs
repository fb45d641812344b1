namespace VkInception;

/// <summary>Draws numbers one after another from the <see cref="Philox"/> words of (seed, stream).</summary>
/// <remarks>A value type: a copy goes on from where it was copied. Two with one seed and one stream give the same numbers, so give each use its own stream.</remarks>
public struct PhiloxStream
{
    private readonly ulong seed, stream;
    private (uint X, uint Y, uint Z, uint W) block;
    private ulong loaded;

    /// <summary>A stream at a place in it.</summary>
    /// <param name="seed">The key.</param>
    /// <param name="stream">The upper half of the counter: which sequence.</param>
    /// <param name="position">Words of 32 bits to pass over; word n is word n mod 4 of block n / 4.</param>
    public PhiloxStream(ulong seed, ulong stream, ulong position = 0)
    {
        this.seed = seed;
        this.stream = stream;
        Position = position;
        loaded = ulong.MaxValue;
    }

    /// <summary>Words drawn so far: with seed and stream, all that is needed to go on later.</summary>
    public ulong Position { get; private set; }

    /// <summary>The next word. Uses one.</summary>
    public uint NextUInt32()
    {
        ulong wanted = Position >> 2;
        // A default instance has loaded nothing, and says so only by its position.
        if (wanted != loaded || Position == 0)
        {
            block = Philox.Block(seed, stream, wanted);
            loaded = wanted;
        }
        return (Position++ & 3) switch { 0 => block.X, 1 => block.Y, 2 => block.Z, _ => block.W };
    }

    /// <summary>A float of [0, 1), a multiple of 2^-24. Uses one word.</summary>
    public float NextSingle() => Philox.Uniform(NextUInt32());

    /// <summary>A float of [<paramref name="low"/>, <paramref name="high"/>]; rounding may reach the upper end. Uses one word.</summary>
    public float NextSingle(float low, float high) => low + (high - low) * NextSingle();

    /// <summary>A number of the standard normal distribution (Box and Muller's cosine), at most 5.77 from zero. Uses two words.</summary>
    public float NextNormal()
    {
        // 1 - u lies in (0, 1], where the logarithm is finite.
        double radius = Math.Sqrt(-2 * Math.Log(1 - NextSingle()));
        return (float)(radius * Math.Cos(2 * Math.PI * NextSingle()));
    }

    /// <summary>A whole number of [0, <paramref name="bound"/>), each equally likely (Lemire's rejection). Uses one word, seldom more.</summary>
    /// <exception cref="ArgumentOutOfRangeException">When <paramref name="bound"/> is not positive.</exception>
    public int NextInt32(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        uint size = (uint)bound;
        ulong product = (ulong)NextUInt32() * size;
        if ((uint)product < size)
        {
            uint uneven = unchecked(0u - size) % size;
            while ((uint)product < uneven) product = (ulong)NextUInt32() * size;
        }
        return (int)(product >> 32);
    }

    /// <summary>Puts values in an order of which each is equally likely (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> values)
    {
        for (int i = values.Length - 1; i > 0; i--)
        {
            int other = NextInt32(i + 1);
            (values[i], values[other]) = (values[other], values[i]);
        }
    }
}
