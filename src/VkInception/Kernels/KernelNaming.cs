namespace VkInception.Kernels;

/// <summary>What a name that the user gives stands for: a kernel (<c>broadcast2-14x8</c>), or a family of them by the words it begins with (<c>broadcast2</c>).</summary>
/// <remarks>A name without the words <c>data</c> or <c>filter</c> in front stands for the gradients' kernels of that name too.</remarks>
internal static class KernelNaming
{
    /// <summary>In front of the names of gradients of the input.</summary>
    public const string Data = "data-";

    /// <summary>In front of the names of gradients of the filter.</summary>
    public const string Filter = "filter-";

    /// <summary>The family that computes anything on any device.</summary>
    public const string Fallback = "plain";

    /// <summary>Whether <paramref name="asked"/> stands for the kernel.</summary>
    public static bool StandsFor(string asked, string kernel) => Begins(kernel, asked) || Begins(Bare(kernel), asked);

    /// <summary>The name without what says which gradient.</summary>
    private static string Bare(string kernel)
        => kernel.StartsWith(Data, StringComparison.Ordinal) ? kernel[Data.Length..]
        : kernel.StartsWith(Filter, StringComparison.Ordinal) ? kernel[Filter.Length..] : kernel;

    private static bool Begins(string kernel, string asked)
        => kernel == asked || (kernel.StartsWith(asked, StringComparison.Ordinal) && kernel[asked.Length] == '-');
}
