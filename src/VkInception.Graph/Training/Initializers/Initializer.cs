using System.Text;

namespace VkInception.Graph.Training.Initializers;

/// <summary>Weights to begin training with: a pure function of the seed and a parameter's name and shape, so their order does not matter. One file per initializer.</summary>
/// <remarks>
/// Filters and matrices are random. Of vectors, the weight of a norm is 1, running means are 0, running variances and Caffe's scale factors 1,
/// everything else is a bias.
/// </remarks>
public abstract record Initializer
{
    // Elements that share a stretch of the stream, and the words set aside for them: two for a normal number, and ample for those drawn again.
    private const int Chunk = 1 << 16;
    private const ulong WordsPerChunk = 1 << 20;

    /// <summary>What networks without one of their own begin with: He's, of normal distribution by fan-in.</summary>
    public static Initializer Default => new HeInitializer();

    /// <summary>The initializer as <see cref="Parse"/> reads it.</summary>
    protected abstract string Text { get; }

    /// <summary>What the elements of a filter O I H W or a matrix O I are drawn from.</summary>
    protected abstract Distribution WeightsOf(Parameter parameter);

    /// <summary>What a bias begins with.</summary>
    protected virtual float BiasOf(Parameter parameter) => 0;

    /// <summary>The elements of a parameter, in logical order.</summary>
    public float[] Create(Parameter parameter, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        var values = new float[parameter.Shape.Count];
        if (parameter.Shape.Rank <= 1)
        {
            Array.Fill(values, VectorOf(parameter));
            return values;
        }
        Distribution distribution = WeightsOf(parameter);
        ulong stream = StreamOf(parameter.Name);
        int chunks = (values.Length + Chunk - 1) / Chunk;
        Parallel.For(0, chunks, chunk =>
        {
            var random = new PhiloxStream(seed, stream, (ulong)chunk * WordsPerChunk);
            foreach (ref float value in values.AsSpan(chunk * Chunk, Math.Min(Chunk, values.Length - chunk * Chunk))) value = distribution.Draw(ref random);
        });
        return values;
    }

    /// <summary>The initializer as <see cref="Parse"/> reads it.</summary>
    public sealed override string ToString() => Text;

    /// <summary>Reads an initializer: <c>bvlc</c>, <c>he:distribution=normal,fan=in</c>, <c>truncated-normal:deviation=0.01,limit=2</c>.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/>, with what is allowed.</exception>
    public static Initializer Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var settings = new SettingsText("initializer", text);
        return settings.Complete<Initializer>(settings.Name switch
        {
            "bvlc" => BvlcInitializer.Read(settings),
            "he" => HeInitializer.Read(settings),
            "truncated-normal" => TruncatedNormalInitializer.Read(settings),
            _ => throw settings.Wrong("there is no such initializer; there are bvlc, he, truncated-normal"),
        });
    }

    /// <summary>Inputs that one output of a filter or matrix is summed from.</summary>
    protected static double FanIn(Parameter parameter) => (double)parameter.Shape.Count / parameter.Shape[0];

    /// <summary>Outputs that one input of a filter or matrix goes into, as PyTorch counts them: groups are not heeded.</summary>
    protected static double FanOut(Parameter parameter) => (double)parameter.Shape.Count / parameter.Shape[1];

    private float VectorOf(Parameter parameter)
    {
        string name = parameter.Name;
        if (EndsWith("mean")) return 0;
        if (EndsWith("weight") || EndsWith("var") || EndsWith("variance") || EndsWith("scale_factor")) return 1;
        return BiasOf(parameter);

        bool EndsWith(string suffix) => name.EndsWith(suffix, StringComparison.Ordinal);
    }

    // FNV-1a of 64 bits: far from the small numbers that other uses of the seed take for their streams.
    private static ulong StreamOf(string name)
    {
        ulong hash = 0xCBF29CE484222325;
        foreach (byte b in Encoding.UTF8.GetBytes(name)) hash = unchecked((hash ^ b) * 0x100000001B3);
        return hash;
    }
}
