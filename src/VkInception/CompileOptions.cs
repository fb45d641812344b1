using VkInception.Graph;
using VkInception.Graph.Training;

namespace VkInception;

/// <summary>How a model is compiled for a device.</summary>
public sealed record CompileOptions
{
    /// <summary>Images per run.</summary>
    public int Batch { get; init; } = 1;

    /// <summary>Height of the input in pixels; 0 takes the model's own.</summary>
    public int Height { get; init; }

    /// <summary>Width of the input in pixels; 0 takes the model's own.</summary>
    public int Width { get; init; }

    /// <summary>Classes; 0 takes the model's own.</summary>
    public int Classes { get; init; }

    /// <summary>The tensor or node whose value a run returns; null returns the logits.</summary>
    public string? Output { get; init; }

    /// <summary>Names of graph rewrites to leave out; "all" switches fusion off.</summary>
    public IReadOnlyCollection<string> WithoutRewrites { get; init; } = [];

    /// <summary>
    /// <see cref="Precision.Single"/>, or <see cref="Precision.Half"/>: activations and weights stored in half, half the memory; input and output of a run are single
    /// precision in either. Needs a device with half-precision storage.
    /// </summary>
    public Precision Precision { get; init; }

    /// <summary>
    /// Runs that may be under way at once, 1 to <see cref="MostRunsInFlight"/>, each with memory for an input and an output. With 2, whoever calls from two threads, or awaits one
    /// run after having begun the next, has the host pack the next input and read the last output while the device computes. Results are the same.
    /// </summary>
    public int RunsInFlight { get; init; } = 1;

    /// <summary>The most <see cref="RunsInFlight"/>: more would only wait in the device's queue.</summary>
    public const int MostRunsInFlight = 16;

    /// <summary>Chooses kernels; null takes what was measured on the device, and where nothing was an estimate.</summary>
    public IKernelChooser? Kernels { get; init; }
}
