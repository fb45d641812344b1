namespace VkInception.Graph.Training.Schedules;

/// <summary>Where a training run stands, as far as the learning rate depends on it.</summary>
/// <param name="Step">Steps taken before this one.</param>
/// <param name="StepsPerEpoch">Steps that go once through the data; at least 1.</param>
/// <param name="TotalSteps">Steps of the whole run; at least 1.</param>
public readonly record struct ScheduleClock(long Step, long StepsPerEpoch, long TotalSteps);
