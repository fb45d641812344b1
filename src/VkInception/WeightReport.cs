using VkInception.Graph;
using VkInception.Import.Names;
using VkInception.Weights;

namespace VkInception;

/// <summary>How a checkpoint and a network match.</summary>
/// <param name="Mapped">Tensors and the parameters that take them.</param>
/// <param name="Missing">Keys that the network needs and the checkpoint lacks.</param>
/// <param name="MissingAuxiliary">The same for auxiliary heads, which inference does not need.</param>
/// <param name="Extra">Keys that the network has no use for.</param>
/// <param name="Misshapen">Keys with both shapes.</param>
public sealed record WeightReport(
    IReadOnlyList<(NamedTensor Tensor, Parameter Parameter)> Mapped, IReadOnlyList<string> Missing,
    IReadOnlyList<string> MissingAuxiliary, IReadOnlyList<string> Extra, IReadOnlyList<string> Misshapen)
{
    /// <summary>Raises one error that lists every tensor that does not fit.</summary>
    /// <param name="path">The checkpoint, for the message.</param>
    /// <param name="network">The network, for the message.</param>
    /// <param name="extraAllowed">Whether tensors that the network has no use for are let pass, as Caffe does with layers that a prototxt leaves out.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.WeightMismatch"/>.</exception>
    public void ThrowIfUnfit(string path, string network, bool extraAllowed = false)
    {
        string[] faults =
        [
            .. Missing.Count > 0 ? [$"missing: {string.Join(", ", Missing)}"] : Array.Empty<string>(),
            .. Extra.Count > 0 && !extraAllowed ? [$"extra: {string.Join(", ", Extra)}"] : Array.Empty<string>(),
            .. Misshapen.Count > 0 ? [$"misshapen: {string.Join(", ", Misshapen)}"] : Array.Empty<string>(),
        ];
        if (faults.Length == 0) return;
        // A list of hundreds of such keys would not say what they are.
        string kind = Extra.Any(KerasObjectNames.Matches) ? "its layers are numbered by their places in a Keras model, which is known for inception_v3 only; save the weights under the network's own names (safetensors), or the model as ONNX; " : "";
        throw new VkInceptionException(ErrorCode.WeightMismatch, $"{path}: does not fit {network}: {kind}{string.Join("; ", faults)}");
    }
}
