using System.Globalization;
using VkInception.Graph;

namespace VkInception.Tuning;

/// <summary>A piece of convolution work in words: everything that its time depends on, and nothing else. Equal keys, equal kernels.</summary>
internal static class WorkKey
{
    /// <summary>Alignment counts up to so many elements.</summary>
    private const int Alignment = 8;

    /// <summary>The key of a convolution or of a gradient of one.</summary>
    public static string Of(Dispatch work) => work switch
    {
        ConvolutionDispatch c => $"forward {c.X.Type} x {Of(c.X)} y {Of(c.Y)} {Of(c.Window)} groups {c.Groups}{(c.B is null ? "" : " bias")} w+{c.W.Offset % Alignment}",
        ConvolutionBackwardData d => $"data {d.Dy.Type} dy {Of(d.Dy)} dx {Of(d.Dx.View)} {Of(d.Window)} groups {d.Groups}{(d.Dx.Accumulate ? " accumulate" : "")}{string.Concat(d.Others.Select(o => $" and {Of(o.Dy)}"))}{(d.Dx.Clamped.IsAll ? "" : $" masked {Of(d.X)}")}",
        ConvolutionBackwardFilter f => $"filter {f.X.Type} x {Of(f.X)} dy {Of(f.Dy)} {Of(f.Window)} groups {f.Groups}{(f.Dw.Accumulate ? " accumulate" : "")} dw+{f.Dw.View.Offset % Alignment}",
        _ => throw new VkInceptionException(ErrorCode.InvalidArgument, $"{work.Kernel} has one kernel only"),
    };

    private static string Of(TensorView view) => string.Create(CultureInfo.InvariantCulture, $"{string.Join('x', view.Shape.Dims)}/{view.RowStride}+{view.Offset % Alignment}");

    private static string Of(Window w) => string.Create(CultureInfo.InvariantCulture,
        $"k{w.KernelH}x{w.KernelW} s{w.StrideH}x{w.StrideW} p{w.PadTop}.{w.PadLeft}.{w.PadBottom}.{w.PadRight} d{w.DilationH}x{w.DilationW}");
}
