namespace VkInception.Graph.Planning;

/// <summary>Decides which block of memory every tensor of a network lies in, and where in it.</summary>
/// <remarks>
/// Walks the nodes backwards, so that a concatenation's memory is known before its branches are placed: a branch then
/// writes straight into its slice of the channels, and the copy is gone. Views (flatten, dropout) share their input's memory.
/// A concatenation whose inputs already lie side by side (DenseNet's prefixes) is a view of them.
/// </remarks>
internal sealed class Placement
{
    private readonly Dictionary<Tensor, TensorView> views = [];
    private readonly HashSet<Tensor> owners = [];
    private readonly bool training;
    private readonly string prefix;
    private readonly Func<Tensor, bool> mayShare;
    private readonly Func<Tensor, ElementType> typeOf;

    /// <summary>Places the tensors of a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="training">Whether a training step is planned, where dropout is no view.</param>
    /// <param name="typeOf">What each tensor's elements are; null makes all of them single precision.</param>
    public Placement(Network network, bool training = false, Func<Tensor, ElementType>? typeOf = null)
        : this(network, training, "", _ => true, typeOf)
    {
    }

    private Placement(Network network, bool training, string prefix, Func<Tensor, bool> mayShare, Func<Tensor, ElementType>? typeOf)
    {
        this.typeOf = typeOf ?? (_ => ElementType.Float32);
        this.training = training;
        this.prefix = prefix;
        this.mayShare = mayShare;
        foreach (Tensor input in network.Inputs) Fresh(input);
        foreach (Node node in network.Nodes.Reverse()) Place(node);
    }

    /// <summary>Places the gradients of a network's tensors: where the only reader of a tensor is a concatenation or a view, its gradient is part of that one's.</summary>
    public static Placement OfGradients(Network network, Func<Tensor, ElementType>? typeOf = null)
    {
        Dictionary<Tensor, int> readers = network.Nodes.SelectMany(n => n.Inputs).GroupBy(t => t).ToDictionary(g => g.Key, g => g.Count());
        return new Placement(network, training: true, "d ", t => readers.GetValueOrDefault(t) == 1, typeOf);
    }

    public TensorView this[Tensor tensor] => views[tensor];

    public IEnumerable<Tensor> Tensors => views.Keys;

    /// <summary>Whether the tensor has a block of its own, and does not lie in another's.</summary>
    public bool HasOwnBlock(Tensor tensor) => owners.Contains(tensor);

    private void Place(Node node)
    {
        if (!views.ContainsKey(node.Output) && AsViewOfInputs(node) is { } shared) views.Add(node.Output, shared);
        foreach (Tensor output in node.Outputs) Fresh(output);
        if (node.Op is Ops.Concat concat) SliceInputs(node, concat);
        else if (IsView(node) && MayPlace(node.Inputs[0]) && Reshaped(views[node.Output], node.Inputs[0].Shape) is { } view) views.Add(node.Inputs[0], view);
    }

    private TensorView? AsViewOfInputs(Node node)
    {
        if (!node.Inputs.All(mayShare)) return null;
        if (node.Op is Ops.Concat concat) return JoinedSlices(node, concat);
        return IsView(node) && views.TryGetValue(node.Inputs[0], out TensorView? input) ? Reshaped(input, node.Output.Shape) : null;
    }

    private bool IsView(Node node) => !node.Inputs.IsEmpty && node.Op.IsView(node.Inputs[0].Shape, node.Output.Shape, training);

    /// <summary>The view that covers all inputs where they already lie side by side in one block, in order.</summary>
    private TensorView? JoinedSlices(Node node, Ops.Concat concat)
    {
        if (!JoinsRows(node, concat) || !views.TryGetValue(node.Inputs[0], out TensorView? first)) return null;
        long next = first.Offset;
        foreach (Tensor input in node.Inputs)
        {
            if (!views.TryGetValue(input, out TensorView? v) || v.Storage != first.Storage || v.RowStride != first.RowStride || v.Offset != next) return null;
            next += v.RowLength;
        }
        return next - first.Offset <= first.RowStride ? first with { Shape = node.Output.Shape } : null;
    }

    private void SliceInputs(Node node, Ops.Concat concat)
    {
        if (!JoinsRows(node, concat)) return;
        TensorView whole = views[node.Output];
        long offset = whole.Offset;
        foreach (Tensor input in node.Inputs)
        {
            if (MayPlace(input)) views.Add(input, new TensorView(input.Shape, whole.Storage, offset, whole.RowStride));
            offset += TensorView.RowLengthOf(input.Shape);
        }
    }

    /// <summary>Whether the joined axis is the one that lies together in memory: channels of rank 4, the last axis otherwise.</summary>
    private static bool JoinsRows(Node node, Ops.Concat concat)
    {
        int rank = node.Output.Shape.Rank;
        int axis = concat.Axis < 0 ? concat.Axis + rank : concat.Axis;
        return rank == 4 ? axis == 1 : axis == rank - 1;
    }

    private bool MayPlace(Tensor tensor) => !views.ContainsKey(tensor) && mayShare(tensor);

    private void Fresh(Tensor tensor)
    {
        if (views.ContainsKey(tensor)) return;
        views.Add(tensor, TensorView.Dense(tensor.Shape, new Storage(prefix + tensor.Name, tensor.Shape.Count, type: typeOf(tensor))));
        owners.Add(tensor);
    }

    /// <summary>The same memory under another shape, if its rows stay whole.</summary>
    private static TensorView? Reshaped(TensorView view, Shape shape)
    {
        int row = TensorView.RowLengthOf(shape);
        if (row == view.RowLength) return view with { Shape = shape };
        return view.IsDense ? view with { Shape = shape, RowStride = row } : null;
    }
}
