using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace VkInception.Graph;

/// <summary>The logical extents of a tensor; rank 4 is N C H W whatever the layout in memory. Every extent is at least 1. Immutable: any thread may use it.</summary>
[CollectionBuilder(typeof(Shape), nameof(Create))]
public sealed class Shape : IEquatable<Shape>, IEnumerable<int>
{
    private readonly ImmutableArray<int> dims;

    private Shape(ImmutableArray<int> dims) => this.dims = dims;

    /// <summary>Number of axes; 0 is a scalar.</summary>
    public int Rank => dims.Length;

    /// <summary>Number of elements.</summary>
    public long Count { get; private init; }

    /// <summary>All extents, outermost first.</summary>
    public ImmutableArray<int> Dims => dims;

    /// <summary>One extent; a negative axis counts from the end.</summary>
    public int this[int axis] => dims[axis < 0 ? dims.Length + axis : axis];

    /// <summary>Batch: the first extent.</summary>
    public int N => dims[0];

    /// <summary>Channels: the second extent.</summary>
    public int C => dims[1];

    /// <summary>Height of a rank-4 shape.</summary>
    public int H => dims[2];

    /// <summary>Width of a rank-4 shape.</summary>
    public int W => dims[3];

    /// <summary>A shape of these extents.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.ShapeMismatch"/>: an extent under 1, or more than 2^31 elements.</exception>
    public static Shape Create(ReadOnlySpan<int> dims)
    {
        long count = 1;
        foreach (int d in dims)
        {
            if (d < 1) throw new VkInceptionException(ErrorCode.ShapeMismatch, $"shape {string.Join('×', dims.ToArray())}: every extent must be at least 1");
            count *= d;
            if (count > int.MaxValue) throw new VkInceptionException(ErrorCode.ShapeMismatch, $"shape {string.Join('×', dims.ToArray())}: more than 2^31 elements in one tensor; use a smaller batch or image");
        }
        return new Shape([.. dims]) { Count = count };
    }

    /// <summary>The same shape with one extent replaced.</summary>
    public Shape With(int axis, int extent) => Create(dims.SetItem(axis, extent).AsSpan());

    /// <inheritdoc/>
    public bool Equals(Shape? other) => other is not null && dims.AsSpan().SequenceEqual(other.dims.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Shape);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (int d in dims) hash.Add(d);
        return hash.ToHashCode();
    }

    /// <summary>The extents with × between them: 1×64×112×112.</summary>
    public override string ToString() => Rank == 0 ? "scalar" : string.Join('×', dims);

    /// <inheritdoc/>
    public IEnumerator<int> GetEnumerator() => ((IEnumerable<int>)dims).GetEnumerator();

    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
}
