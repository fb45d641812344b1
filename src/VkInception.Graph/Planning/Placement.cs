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

    public Placement(Network network)
    {
        foreach (Tensor input in network.Inputs) Fresh(input);
        foreach (Node node in network.Nodes.Reverse()) Place(node);
    }

    public TensorView this[Tensor tensor] => views[tensor];

    public IEnumerable<Tensor> Tensors => views.Keys;

    private void Place(Node node)
    {
        if (!views.ContainsKey(node.Output) && AsViewOfInputs(node) is { } shared) views.Add(node.Output, shared);
        foreach (Tensor output in node.Outputs) Fresh(output);
        if (node.Op is Ops.Concat concat) SliceInputs(node, concat);
        else if (IsView(node) && MayPlace(node.Inputs[0]) && Reshaped(views[node.Output], node.Inputs[0].Shape) is { } view) views.Add(node.Inputs[0], view);
    }

    private TensorView? AsViewOfInputs(Node node)
    {
        if (node.Op is Ops.Concat concat) return JoinedSlices(node, concat);
        return IsView(node) && views.TryGetValue(node.Inputs[0], out TensorView? input) ? Reshaped(input, node.Output.Shape) : null;
    }

    private static bool IsView(Node node) => node.Op.IsView(node.Inputs[0].Shape, node.Output.Shape);

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

    private bool MayPlace(Tensor tensor) => !views.ContainsKey(tensor);

    private void Fresh(Tensor tensor)
    {
        if (!views.ContainsKey(tensor)) views.Add(tensor, TensorView.Dense(tensor.Shape, new Storage(tensor.Name, tensor.Shape.Count)));
    }

    /// <summary>The same memory under another shape, if its rows stay whole.</summary>
    private static TensorView? Reshaped(TensorView view, Shape shape)
    {
        int row = TensorView.RowLengthOf(shape);
        if (row == view.RowLength) return view with { Shape = shape };
        return view.IsDense ? view with { Shape = shape, RowStride = row } : null;
    }
}
