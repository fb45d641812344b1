using VkInception.Graph;

namespace VkInception.Tuning;

/// <summary>A piece of work to find the fastest kernel for.</summary>
/// <param name="Key">See <see cref="WorkKey"/>.</param>
/// <param name="Work">The first of its kind.</param>
/// <param name="Count">How often the network has it.</param>
internal sealed record TuningWork(string Key, Dispatch Work, int Count);
