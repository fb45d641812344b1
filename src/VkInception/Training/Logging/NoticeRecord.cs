namespace VkInception.Training;

/// <summary>Something that a reader of the log should know.</summary>
/// <param name="Step">Steps done when it happened.</param>
/// <param name="Text">One line.</param>
public sealed record NoticeRecord(long Step, string Text) : LogLine;
