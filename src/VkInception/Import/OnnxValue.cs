using VkInception.Graph;

namespace VkInception.Import;

/// <summary>What an ONNX value name stands for: a tensor of the network, or a constant; neither where an unsupported node makes it.</summary>
internal readonly record struct OnnxValue(Tensor? Tensor, HostTensor? Constant)
{
    /// <summary>A value that cannot be had.</summary>
    public static OnnxValue Unknown => default;

    /// <summary>Whether an unsupported node makes it.</summary>
    public bool IsUnknown => Tensor is null && Constant is null;

    /// <summary>The extents, whichever it is.</summary>
    public int[] Dims => Tensor is not null ? [.. Tensor.Shape] : Constant!.Dims;

    public static implicit operator OnnxValue(Tensor tensor) => new(tensor, null);

    public static implicit operator OnnxValue(HostTensor constant) => new(null, constant);
}
