namespace VkInception.Training;

/// <summary>What came of writing a file of a run. A full disk ends no training: it is told here, not thrown.</summary>
/// <param name="Path">The file that now holds the new content; null where it could not be written and the old content, if any, stands.</param>
/// <param name="Problem">One line for the user; null where all went well.</param>
public readonly record struct SaveResult(string? Path, string? Problem)
{
    /// <summary>Whether the new content is on the disk.</summary>
    public bool Saved => Path is not null;
}
