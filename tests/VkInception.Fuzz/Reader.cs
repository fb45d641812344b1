namespace VkInception.Fuzz;

/// <summary>A reader under test: good files to begin with, ways to spoil them that know the format, and the reading itself.</summary>
internal abstract class Reader(string name)
{
    /// <summary>What <c>--reader</c> calls it.</summary>
    public string Name { get; } = name;

    /// <summary>Small valid files.</summary>
    public abstract IReadOnlyList<byte[]> Seeds { get; }

    /// <summary>Mutations that know the format; those of bytes are tried on every reader.</summary>
    public virtual IReadOnlyList<Mutation> Grammar => [];

    /// <summary>Bytes that the reader may allocate beside four times the input and 256 MB: pixels that its options allow.</summary>
    public virtual long Allowance => 0;

    /// <summary>Reads an input to its end.</summary>
    /// <returns>A few words on what was found: inputs that lead to new ones are kept.</returns>
    /// <exception cref="VkInceptionException">The one exception that is allowed, of one line.</exception>
    public abstract string Read(byte[] input);

    /// <summary>The input with its checksums put right, so that what lies behind them is reached.</summary>
    public virtual byte[] Seal(byte[] input) => input;
}
