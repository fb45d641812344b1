namespace VkInception.Fuzz;

/// <summary>What came of one input.</summary>
/// <param name="Kind">Whether that is right.</param>
/// <param name="Key">What makes outcomes alike: the message without its numbers and quotations, or what is wrong and where.</param>
/// <param name="Detail">Everything, for people.</param>
internal sealed record Outcome(OutcomeKind Kind, string Key, string Detail);
