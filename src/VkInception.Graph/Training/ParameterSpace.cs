using System.Collections.Immutable;

namespace VkInception.Graph.Training;

/// <summary>Where every parameter of a training step lies: all in one block, the trained ones first; gradients and optimizer state mirror those. Immutable: any thread may use it.</summary>
/// <remarks>One launch can then update everything, and one look-up per <see cref="Granule"/> tells which parameter an element belongs to.</remarks>
public sealed class ParameterSpace
{
    /// <summary>Every parameter begins on a multiple of so many elements; elements between two parameters belong to none and stay zero.</summary>
    public const int Granule = 256;

    private readonly Dictionary<Parameter, ParameterSlot> slots = [];

    /// <summary>Lays out the parameters of a network.</summary>
    /// <param name="parameters">All of them, in the order in which they shall lie.</param>
    /// <param name="isTrained">Which are changed by the optimizer: neither frozen nor statistics.</param>
    /// <param name="precision">Mixed keeps a copy of them in half; double keeps them, and all that mirrors them, in double.</param>
    public ParameterSpace(IReadOnlyList<Parameter> parameters, Func<Parameter, bool> isTrained, Precision precision = Precision.Single)
    {
        long end = 0;
        Slots = [.. parameters.Where(isTrained).Select(p => Place(p, trained: true)), .. parameters.Where(p => !isTrained(p)).Select(p => Place(p, trained: false))];
        TrainedElements = Slots.Where(s => s.IsTrained).Select(s => s.Offset + Aligned(s.Parameter.Shape.Count)).LastOrDefault();
        ElementType type = precision == Precision.Double ? ElementType.Float64 : ElementType.Float32;
        Weights = new Storage("weights", Math.Max(end, Granule), resident: true, type: type);
        Halves = precision == Precision.Mixed ? new Storage("weights in half", Weights.Elements, resident: true, type: ElementType.Float16) : null;
        Gradients = new Storage("gradients", Math.Max(TrainedElements, Granule), resident: true, type: type);

        ParameterSlot Place(Parameter parameter, bool trained)
        {
            var slot = new ParameterSlot(parameter, end, trained);
            slots.Add(parameter, slot);
            end += Aligned(parameter.Shape.Count);
            return slot;
        }
    }

    /// <summary>Every parameter with its place, trained ones first.</summary>
    public ImmutableArray<ParameterSlot> Slots { get; }

    /// <summary>Elements of the trained parameters, gaps included: what gradients and each optimizer state hold. A multiple of <see cref="Granule"/>.</summary>
    public long TrainedElements { get; }

    /// <summary>The block of all parameters.</summary>
    public Storage Weights { get; }

    /// <summary>The copy of all parameters in half, laid out as they are; null without mixed precision.</summary>
    public Storage? Halves { get; }

    /// <summary>The block of all trained parameters' gradients, laid out as they are.</summary>
    public Storage Gradients { get; }

    /// <summary>The place of a parameter.</summary>
    public ParameterSlot this[Parameter parameter] => slots[parameter];

    /// <summary>A parameter's elements.</summary>
    public TensorView WeightsOf(Parameter parameter) => View(parameter, Weights);

    /// <summary>A parameter's elements as products take them: in half where there is a copy.</summary>
    public TensorView MultipliedOf(Parameter parameter) => View(parameter, Halves ?? Weights);

    /// <summary>The launch that renews the copy in half; none where there is none.</summary>
    public IEnumerable<ShaderDispatch> Cast()
    {
        if (Halves is null) return [];
        int elements = (int)Weights.Elements;
        return [ShaderDispatch.Of("cast_forward").Read("x", TensorView.Dense([elements], Weights)).Write("y", TensorView.Dense([elements], Halves)).With("count", elements / 4).Over(elements / 4)];
    }

    /// <summary>A trained parameter's gradient.</summary>
    public TensorView GradientOf(Parameter parameter) => View(parameter, Gradients);

    /// <summary>A block of one element per trained element, for a gradient, a momentum or an average.</summary>
    public TensorView Trained(Storage storage) => TensorView.Dense([(int)TrainedElements], storage);

    private TensorView View(Parameter parameter, Storage storage) => new(parameter.Shape, storage, slots[parameter].Offset, TensorView.RowLengthOf(parameter.Shape));

    private static long Aligned(long elements) => (elements + Granule - 1) / Granule * Granule;
}
