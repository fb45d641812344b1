namespace VkInception.Fuzz;

/// <summary>How an input ended.</summary>
internal enum OutcomeKind
{
    /// <summary>It was read.</summary>
    Read,
    /// <summary>It was refused by the library's exception, in one line.</summary>
    Refused,
    /// <summary>Another exception, a message of several lines, too much memory, too much time.</summary>
    Bad,
}
