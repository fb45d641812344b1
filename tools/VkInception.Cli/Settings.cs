using VkInception.Graph.Training;

namespace VkInception.Cli;

/// <summary>What the global options said.</summary>
/// <param name="Device">Index, name or UUID of a device, or <c>auto</c>.</param>
/// <param name="AskedPrecision">The arithmetic that was asked for; null leaves it to the command.</param>
/// <param name="Validate">Validation layers on.</param>
/// <param name="Profile">File for the per-kernel trace, or null.</param>
/// <param name="Json">One JSON document on standard output.</param>
/// <param name="Quiet">No progress, no remarks.</param>
/// <param name="Kernel">The convolution kernel to take wherever it applies, or null.</param>
/// <param name="NoTuning">Whether to leave aside what was measured before.</param>
internal sealed record Settings(string Device, Precision? AskedPrecision, bool Validate, string? Profile, bool Json, bool Quiet, string? Kernel, bool NoTuning)
{
    /// <summary>The arithmetic of a command that has no reason for another: single, unless one was asked for.</summary>
    public Precision Precision => AskedPrecision ?? Precision.Single;

    /// <summary>The precision as the command line says it.</summary>
    public string PrecisionWord { get; init; } = "fp32";
}
