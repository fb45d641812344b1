using System.Globalization;
using System.Text.Json.Serialization;
using VkInception.Graph;

namespace VkInception.Tuning;

/// <summary>The kernel that was fastest for one piece of work, with milliseconds on the device.</summary>
/// <param name="Kernel">The one to take.</param>
/// <param name="Milliseconds">Its median.</param>
/// <param name="RunnerUp">The next best; null where there was no other.</param>
/// <param name="RunnerUpMilliseconds">Its median.</param>
/// <param name="Heuristic">What the estimate takes.</param>
/// <param name="HeuristicMilliseconds">Its median.</param>
internal sealed record TunedKernel(string Kernel, double Milliseconds, string? RunnerUp, double? RunnerUpMilliseconds, string Heuristic, double HeuristicMilliseconds)
{
    /// <summary>The same for plans.</summary>
    [JsonIgnore]
    public KernelSelection Selection => new(KernelOrigin.Tuned)
    {
        Milliseconds = Milliseconds,
        RunnerUp = RunnerUp,
        RunnerUpMilliseconds = RunnerUpMilliseconds,
        Heuristic = Heuristic,
        HeuristicMilliseconds = HeuristicMilliseconds,
    };

    /// <summary>The same in words.</summary>
    public string Describe()
    {
        string text = string.Create(CultureInfo.InvariantCulture, $"measured: {Milliseconds:G3} ms");
        if (RunnerUp is not null) text += string.Create(CultureInfo.InvariantCulture, $", {RunnerUpMilliseconds / Milliseconds:F2} times as fast as {RunnerUp}");
        if (Heuristic == Kernel) return $"{text}; the estimate's choice too";
        return Heuristic == RunnerUp ? $"{text}, the estimate's choice" : string.Create(CultureInfo.InvariantCulture, $"{text}, {HeuristicMilliseconds / Milliseconds:F2} times as {Heuristic}, the estimate's choice");
    }
}
