using VkInception.Graph;
using VkInception.Weights;

namespace VkInception.Import;

/// <summary>A constant of an ONNX graph: in the file, or one value everywhere, or computed while constants are folded.</summary>
/// <remarks>Computed elements are kept in double precision, which holds every float32 and every shape exactly.</remarks>
internal sealed class HostTensor
{
    // A constant that a file of a few bytes makes (ConstantOfShape) must not fill the machine.
    private const long MostFilled = 1L << 28;
    private readonly NamedTensor? stored;
    private readonly double[]? computed;
    private readonly double fill;

    private HostTensor(int[] dims, bool isInteger, NamedTensor? stored, double[]? computed, double fill)
    {
        Dims = dims;
        IsInteger = isInteger;
        this.stored = stored;
        this.computed = computed;
        this.fill = fill;
        Count = dims.Aggregate(1L, (all, d) => all * d);
    }

    /// <summary>Extents, outermost first; 0 is allowed.</summary>
    public int[] Dims { get; }

    /// <summary>Whether division truncates.</summary>
    public bool IsInteger { get; }

    /// <summary>Number of elements.</summary>
    public long Count { get; }

    /// <summary>The file's tensor, where this is one (perhaps under another shape).</summary>
    public NamedTensor? Stored => stored;

    /// <summary>The one value, where this holds only one.</summary>
    public double? Fill => stored is null && computed is null ? fill : null;

    /// <summary>Extents for messages.</summary>
    public string ShapeText => Dims.Length == 0 ? "scalar" : string.Join('×', Dims);

    /// <summary>A tensor of the file.</summary>
    public static HostTensor From(NamedTensor tensor) => new([.. tensor.Shape], !tensor.Type.IsFloatingPoint(), tensor, null, 0);

    /// <summary>Computed elements.</summary>
    public static HostTensor From(IReadOnlyList<int> dims, double[] values, bool isInteger) => new([.. dims], isInteger, null, values, 0);

    /// <summary>A list of integers.</summary>
    public static HostTensor From(IEnumerable<long> values)
    {
        double[] list = [.. values.Select(v => (double)v)];
        return From([list.Length], list, isInteger: true);
    }

    /// <summary>One value everywhere.</summary>
    public static HostTensor Filled(IReadOnlyList<int> dims, double value, bool isInteger)
    {
        var tensor = new HostTensor([.. dims], isInteger, null, null, value);
        if (dims.Aggregate(1.0, (all, d) => all * d) > MostFilled) throw Unsupported.Because($"a constant of {tensor.ShapeText}, more than 2^28 elements");
        return tensor;
    }

    /// <summary>The same elements under another shape of as many.</summary>
    public HostTensor Reshaped(IReadOnlyList<int> dims) => new([.. dims], IsInteger, stored, computed, fill);

    /// <summary>The same elements as integers (truncated) or floats.</summary>
    public HostTensor Cast(bool toInteger)
    {
        if (toInteger == IsInteger) return this;
        if (Fill is { } value) return Filled(Dims, toInteger ? Math.Truncate(value) : value, toInteger);
        return From(Dims, toInteger ? Array.ConvertAll(Values(), Math.Truncate) : Values(), toInteger);
    }

    /// <summary>Every element; the caller has checked that there are not too many.</summary>
    public double[] Values()
    {
        if (computed is not null) return computed;
        if (stored is null)
        {
            var filled = new double[Count];
            Array.Fill(filled, fill);
            return filled;
        }
        return IsInteger ? Array.ConvertAll(stored.ToInt64(), v => (double)v) : Array.ConvertAll(stored.ToFloat32(), v => (double)v);
    }

    /// <summary>Every element as an integer; the largest of 64 bits, which stands for "to the end", stays it though doubles have no such number.</summary>
    public long[] Integers() => Array.ConvertAll(Values(), long.CreateSaturating);

    /// <summary>The parameter that loads or makes these elements.</summary>
    /// <param name="name">The name where the file has none for it.</param>
    /// <param name="shape">Logical shape, of as many elements.</param>
    /// <param name="layout">Layout on the device.</param>
    /// <param name="trained">Whether training changes it.</param>
    public Parameter ToParameter(string name, Shape shape, ParameterLayout layout, bool trained)
    {
        if (stored is not null)
        {
            Shape own = Shape.Create(stored.Shape.AsSpan());
            bool isDirect = own.Equals(shape);
            var loaded = new Parameter(stored.Name, own, isDirect ? layout : ParameterLayout.Plain) { Value = new StoredFloats(stored).Memory, Trained = trained };
            return isDirect ? loaded : DerivedParameters.Reshaped($"{name} as {shape}", loaded, shape, layout);
        }
        if (computed is null) return DerivedParameters.Constant(name, shape, (float)fill, layout);
        return new Parameter(name, shape, layout) { Derive = _ => Array.ConvertAll(computed, v => (float)v), Trained = false };
    }
}
