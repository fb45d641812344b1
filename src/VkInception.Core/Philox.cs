using System.Runtime.CompilerServices;

namespace VkInception;

/// <summary>Philox4x32-10, the counter-based generator (Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", 2011, section 3.3).</summary>
/// <remarks>A pure function: what it gives depends on key and counter alone, so any thread, process or kernel finds the same number at the same place.</remarks>
public static class Philox
{
    private const int Rounds = 10;
    private const uint Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57;
    // Weyl constants: the golden ratio and the square root of 3, less 1.
    private const uint KeyStep0 = 0x9E3779B9, KeyStep1 = 0xBB67AE85;

    /// <summary>The four words that belong to a key and a counter.</summary>
    public static (uint X, uint Y, uint Z, uint W) Block((uint X, uint Y) key, (uint X, uint Y, uint Z, uint W) counter)
    {
        (uint k0, uint k1) = key;
        (uint x, uint y, uint z, uint w) = counter;
        for (int round = 0; round < Rounds; round++)
        {
            ulong product0 = (ulong)Multiplier0 * x, product1 = (ulong)Multiplier1 * z;
            (x, y, z, w) = ((uint)(product1 >> 32) ^ y ^ k0, (uint)product1, (uint)(product0 >> 32) ^ w ^ k1, (uint)product0);
            k0 += KeyStep0;
            k1 += KeyStep1;
        }
        return (x, y, z, w);
    }

    /// <summary>The four words of one block of a stream, as <see cref="PhiloxStream"/> draws them.</summary>
    /// <remarks>Key: the seed's low and high word. Counter: the block's low and high word, then the stream's.</remarks>
    public static (uint X, uint Y, uint Z, uint W) Block(ulong seed, ulong stream, ulong block)
        => Block(((uint)seed, (uint)(seed >> 32)), ((uint)block, (uint)(block >> 32), (uint)stream, (uint)(stream >> 32)));

    /// <summary>A word as a float of [0, 1): its upper 24 bits times 2^-24, exactly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Uniform(uint word) => (word >> 8) * (1f / (1 << 24));
}
