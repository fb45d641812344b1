using System.Collections.Immutable;

namespace VkInception.Graph;

/// <summary>Extents of a window: kernel, stride, dilation, and padding on each side.</summary>
public sealed record Window(int KernelH, int KernelW, int StrideH = 1, int StrideW = 1, int PadTop = 0, int PadLeft = 0, int PadBottom = 0, int PadRight = 0, int DilationH = 1, int DilationW = 1)
{
    /// <summary>A square window.</summary>
    public static Window Square(int kernel, int stride = 1, int padding = 0, int dilation = 1)
        => new(kernel, kernel, stride, stride, padding, padding, padding, padding, dilation, dilation);

    /// <summary>Whether the window is one pixel, unpadded, at every pixel: a matrix product over channels.</summary>
    public bool IsPointwise => this == Square(1);

    /// <summary>The window in words: 7×7/2 pad 3.</summary>
    public override string ToString()
    {
        string s = $"{KernelH}×{KernelW}";
        if (StrideH != 1 || StrideW != 1) s += StrideH == StrideW ? $"/{StrideH}" : $"/{StrideH}×{StrideW}";
        if (PadTop != 0 || PadLeft != 0 || PadBottom != 0 || PadRight != 0)
            s += PadTop == PadLeft && PadTop == PadBottom && PadTop == PadRight ? $" pad {PadTop}" : $" pad {PadTop},{PadLeft},{PadBottom},{PadRight}";
        if (DilationH != 1 || DilationW != 1) s += $" dilation {DilationH}×{DilationW}";
        return s;
    }
}

/// <summary>The range that an output is clamped to: ReLU is [0, ∞), ReLU6 [0, 6]. NaN passes through.</summary>
public readonly record struct OutputRange(float Low, float High)
{
    /// <summary>No clamp.</summary>
    public static OutputRange All { get; } = new(float.NegativeInfinity, float.PositiveInfinity);

    /// <summary>The range of ReLU.</summary>
    public static OutputRange ReLU { get; } = new(0, float.PositiveInfinity);

    /// <summary>Whether nothing is clamped.</summary>
    public bool IsAll => this == All;
}

/// <summary>A convolution (or a linear layer: one pixel per image) with bias and clamp, whose kernel the runtime chooses.</summary>
/// <remarks>
/// y[n,o,p,q] = clamp(b[o] + Σ x[n, i, p·stride + r·dilation − pad, …] · w[o, i, r, s]); x and y channels last (strided rows allowed),
/// w in <see cref="ParameterLayout.Filter"/> order: [r][s][i in group][o]. A linear layer passes rank-4 views N C 1 1.
/// </remarks>
public sealed record ConvolutionDispatch(TensorView X, TensorView W, TensorView? B, TensorView Y, Window Window, int Groups, OutputRange Range) : Dispatch
{
    /// <inheritdoc/>
    public override string Kernel => "conv2d_forward";

    /// <inheritdoc/>
    public override ImmutableArray<KernelTensor> Tensors { get; } = B is null
        ? [new("x", X, Access.Read), new("w", W, Access.Read), new("y", Y, Access.Write)]
        : [new("x", X, Access.Read), new("w", W, Access.Read), new("b", B, Access.Read), new("y", Y, Access.Write)];

    /// <summary>Multiply-adds of the whole batch.</summary>
    public long MultiplyAdds => Y.Shape.Count * Window.KernelH * Window.KernelW * (X.Shape.C / Groups);
}

/// <summary>Chooses the launches for work that has several kernels. The runtime's knows the device; the plan needs only this.</summary>
public interface IKernelChooser
{
    /// <summary>The launches that compute <paramref name="work"/>; workspace blocks are new <see cref="Storage"/> objects that the planner places.</summary>
    KernelChoice Choose(ConvolutionDispatch work);
}

/// <summary>What was chosen for one piece of work, and why.</summary>
public sealed record KernelChoice(string Name, ImmutableArray<ShaderDispatch> Launches, string Reason);
