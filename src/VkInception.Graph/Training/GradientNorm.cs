namespace VkInception.Graph.Training;

/// <summary>The launches that measure all gradients together: their norm, whether all are finite, and what the optimizer multiplies them by.</summary>
/// <remarks>
/// The norm is the Euclidean one over every trained element, as <c>torch.nn.utils.clip_grad_norm_</c> has it. Summed in single precision in one fixed
/// order, whatever the device's workgroups; squares of large gradients do not overflow. Elements under 2^-63 may count as zero.
/// </remarks>
public static class GradientNorm
{
    /// <summary>Elements of the control block that <see cref="Launches"/> writes: norm, finite flag, factor, unused (<see cref="OptimizerTensors"/>).</summary>
    public const int ControlElements = 4;

    // shaders/gradient_norm.comp: partial sums of one block.
    private const int Lanes = 8;
    private const int MostBlocks = 1024;
    // Groups of four that each partial sum should have at least: fewer are not worth a partial sum of their own.
    private const int ShortestRun = 16;
    // shaders/gradient_norm_total.comp adds with one workgroup of this size.
    private const int TotalLocalSize = 64;

    /// <summary>Writes <paramref name="control"/> from the gradients and the step's loss scale and clip norm.</summary>
    /// <param name="gradients">All gradients, flat (<see cref="ParameterSpace.Trained"/>): multiples of <see cref="ParameterSpace.Granule"/>; the gaps must hold zeros.</param>
    /// <param name="step">The step's values, <see cref="StepValues"/>.</param>
    /// <param name="control"><see cref="ControlElements"/> floats.</param>
    public static IEnumerable<ShaderDispatch> Launches(TensorView gradients, TensorView step, TensorView control)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        int count = (int)(gradients.Shape.Count / 4);
        int blocks = Math.Clamp(count / (Lanes * ShortestRun), 1, MostBlocks);
        int length = (count + blocks - 1) / blocks;
        TensorView partials = TensorView.Dense([blocks * Lanes, 4], new Storage("gradient norm workspace", blocks * Lanes * 4, type: gradients.SumType));
        return
        [
            ShaderDispatch.Of("gradient_norm").Read("dw", gradients).Write("partials", partials)
                .With("count", count).With("blockLength", length).With("partialCount", blocks * Lanes).Over(blocks * Lanes),
            ShaderDispatch.Of("gradient_norm_total").Read("partials", partials).Read("step", step).Write("control", control)
                .With("partialCount", blocks * Lanes).Groups(1, 1, 1, TotalLocalSize),
        ];
    }
}
