using VkInception.Graph;
using VkInception.Graph.Training;
using VkInception.Kernels;
using VkInception.Vulkan;
using VkInception.Weights;

namespace VkInception.Cli;

/// <summary>One batch from raw tensors: preprocessed images and their labels.</summary>
/// <param name="Shape">N C H W.</param>
/// <param name="Images">Float32, as the network takes it.</param>
/// <param name="Labels">A class per image, or −100 for one that counts for nothing.</param>
internal sealed record LabeledBatch(Shape Shape, float[] Images, int[] Labels)
{
    /// <summary>
    /// The arithmetic for raw tensors, whose results are compared with a reference in double precision: double, unless another was asked for or the
    /// device has none. Rounding alone flips a few signs at the ReLUs and maxima in the pools, and every flip changes whole gradients.
    /// </summary>
    public static Precision PrecisionOn(GpuDevice device, Settings settings)
        => settings.AskedPrecision ?? (device.Info.Float64 ? Precision.Double : Precision.Single);

    /// <summary>Says which arithmetic was chosen, where none was asked for; once there is a result, for an error is one line.</summary>
    public static void TellPrecision(GpuDevice device, CommandContext context)
    {
        if (context.Settings.AskedPrecision is null)
            context.Terminal.Remark(device.Info.Float64
                ? "computed in double precision, as references are; --precision fp32 is single precision with exact sums"
                : $"{device.Info.Name} has no double precision: computed in single precision with exact sums, in which rounding may flip a sign at a ReLU that a reference in double precision does not");
    }

    /// <summary>Kernels for raw tensors: in single precision the forward pass sums exactly, the next best to doubles. In mixed precision storage rounds far more than sums do.</summary>
    public static IKernelChooser Kernels(GpuDevice device, Precision precision, Settings settings)
        => new ConvolutionKernels(DeviceTraits.Of(device.Info), settings.Kernel, exact: precision == Precision.Single);

    /// <summary>Reads both files.</summary>
    /// <exception cref="VkInceptionException">Unreadable files, or shapes that do not go together.</exception>
    public static LabeledBatch Read(string imagesPath, string labelsPath)
    {
        NpyArray<float> x = NpyReader.ReadFloat32(imagesPath);
        NpyArray<long> y = NpyReader.ReadInt64(labelsPath);
        if (x.Shape.Length != 4 || x.Values.Length == 0)
            throw new VkInceptionException(ErrorCode.ShapeMismatch, $"{imagesPath}: is {string.Join('×', x.Shape)}; give float32 N×C×H×W");
        if (y.Shape.Length != 1 || y.Shape[0] != x.Shape[0])
            throw new VkInceptionException(ErrorCode.ShapeMismatch, $"{labelsPath}: is {string.Join('×', y.Shape)}, and {imagesPath} holds {Counts.Of(x.Shape[0], "image")}; give one int64 label for each");
        foreach (long label in y.Values)
            if (label is < int.MinValue or > int.MaxValue)
                throw new VkInceptionException(ErrorCode.InvalidArgument, $"{labelsPath}: label {label} is no class");
        return new LabeledBatch(Shape.Create([.. x.Shape]), x.Values, [.. y.Values.Select(label => (int)label)]);
    }
}
