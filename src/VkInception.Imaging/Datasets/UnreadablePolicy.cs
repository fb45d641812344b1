namespace VkInception.Imaging.Datasets;

/// <summary>What becomes of an image that cannot be read.</summary>
public enum UnreadablePolicy
{
    /// <summary>It is an error.</summary>
    Fail,
    /// <summary>It is left out; in a training batch the next readable image of the split takes its place.</summary>
    Skip,
}
