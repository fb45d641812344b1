using System.Text;
using VkInception.Graph;

namespace VkInception;

/// <summary>Weights from a formula of seed, key and index: the same bits in every language, for benchmarks and golden values. Thread-safe.</summary>
/// <remarks>
/// Element i of the parameter with key k is u(i)·√(6/fanIn) for filters and matrices (uniform, He's variance), 1 + u/4 for
/// norm weights and running variances (keys ending in <c>weight</c> or <c>running_var</c> of rank 1), u/8 for everything else of
/// rank 1, where u = 2·(h &gt;&gt; 40)/2^24 − 1 and h = splitmix64(seed + fnv1a64(k) + i·0x9E3779B97F4A7C15).
/// tests/VkInception.DeviceTests/Networks/Golden/make_golden.py holds the same formula.
/// </remarks>
public sealed class SeededWeights(ulong seed = 0) : IWeightSource
{
    /// <inheritdoc/>
    public bool Has(Parameter parameter) => parameter.Value is null;

    /// <inheritdoc/>
    public ReadOnlyMemory<float> Read(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        (double scale, double shift) = Range(parameter);
        return Uniform(parameter.Name, (int)parameter.Shape.Count, scale, shift);
    }

    /// <summary>A seeded input: element i is shift + scale·u(i) under the given key.</summary>
    public float[] Uniform(string key, int count, double scale = 1, double shift = 0)
    {
        ArgumentNullException.ThrowIfNull(key);
        var values = new float[count];
        ulong start = unchecked(seed + Fnv1a(key));
        for (int i = 0; i < values.Length; i++) values[i] = (float)(shift + scale * Uniform(unchecked(start + (ulong)i * 0x9E3779B97F4A7C15)));
        return values;
    }

    private static (double Scale, double Shift) Range(Parameter parameter)
    {
        if (parameter.Shape.Rank > 1) return (Math.Sqrt(6.0 / (parameter.Shape.Count / parameter.Shape[0])), 0);
        bool aroundOne = parameter.Name.EndsWith("weight", StringComparison.Ordinal) || parameter.Name.EndsWith("running_var", StringComparison.Ordinal);
        return aroundOne ? (0.25, 1) : (0.125, 0);
    }

    private static double Uniform(ulong z)
    {
        unchecked
        {
            z += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            z ^= z >> 31;
        }
        return 2 * ((z >> 40) / 16777216.0) - 1;
    }

    private static ulong Fnv1a(string key)
    {
        ulong hash = 0xCBF29CE484222325;
        foreach (byte b in Encoding.UTF8.GetBytes(key)) hash = unchecked((hash ^ b) * 0x100000001B3);
        return hash;
    }
}
