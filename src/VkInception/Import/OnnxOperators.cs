namespace VkInception.Import;

/// <summary>The ONNX operators that the library computes on tensors.</summary>
internal static class OnnxOperators
{
    private static readonly Dictionary<string, Func<OnnxCall, OnnxValue>> translations = new()
    {
        ["Add"] = OnnxArithmetic.Add,
        ["AveragePool"] = OnnxLayers.AveragePool,
        ["BatchNormalization"] = OnnxArithmetic.BatchNormalization,
        ["Cast"] = OnnxShapes.Cast,
        ["Clip"] = OnnxArithmetic.Clip,
        ["Concat"] = OnnxShapes.Concat,
        ["Conv"] = OnnxLayers.Conv,
        ["Div"] = OnnxArithmetic.Div,
        ["Dropout"] = OnnxShapes.Dropout,
        ["Flatten"] = OnnxShapes.Flatten,
        ["Gather"] = OnnxShapes.Gather,
        ["Gemm"] = OnnxLayers.Gemm,
        ["GlobalAveragePool"] = OnnxLayers.GlobalAveragePool,
        ["GlobalMaxPool"] = OnnxLayers.GlobalMaxPool,
        ["Identity"] = OnnxShapes.Identity,
        ["LRN"] = OnnxArithmetic.LocalResponseNormalization,
        ["MatMul"] = OnnxLayers.MatMul,
        ["MaxPool"] = OnnxLayers.MaxPool,
        ["Mul"] = OnnxArithmetic.Mul,
        ["Pad"] = OnnxShapes.Pad,
        ["ReduceMax"] = OnnxLayers.ReduceMax,
        ["ReduceMean"] = OnnxLayers.ReduceMean,
        ["Relu"] = OnnxArithmetic.Relu,
        ["Reshape"] = OnnxShapes.Reshape,
        ["Slice"] = OnnxShapes.Slice,
        ["Softmax"] = OnnxArithmetic.Softmax,
        ["Split"] = OnnxShapes.Split,
        ["Squeeze"] = OnnxShapes.Squeeze,
        ["Sub"] = OnnxArithmetic.Sub,
        ["Sum"] = OnnxArithmetic.Sum,
        ["Transpose"] = OnnxShapes.Transpose,
        ["Unsqueeze"] = OnnxShapes.Unsqueeze,
    };

    /// <summary>How an operator is translated; null where the library lacks it.</summary>
    public static Func<OnnxCall, OnnxValue>? Find(string opType) => translations.GetValueOrDefault(opType);
}
