using System.Text.Json.Serialization;

namespace VkInception.Training;

/// <summary>One line of <c>log.jsonl</c>; <c>kind</c> says which.</summary>
/// <remarks>Shares (accuracy, waiting) run from 0 to 1. Numbers that are not finite are the strings <c>NaN</c>, <c>Infinity</c> and <c>-Infinity</c>.</remarks>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(RunRecord), "run")]
[JsonDerivedType(typeof(StepRecord), "step")]
[JsonDerivedType(typeof(EpochRecord), "epoch")]
[JsonDerivedType(typeof(NoticeRecord), "notice")]
public abstract record LogLine
{
    /// <summary>When it was written.</summary>
    public DateTimeOffset Time { get; init; } = DateTimeOffset.UtcNow;
}
