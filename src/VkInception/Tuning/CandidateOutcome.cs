namespace VkInception.Tuning;

/// <summary>What became of a kernel that the tuner looked at.</summary>
public enum CandidateOutcome
{
    /// <summary>It was the fastest.</summary>
    Chosen,

    /// <summary>It is right, and not faster.</summary>
    Slower,

    /// <summary>Its results are not those of the reference kernel.</summary>
    Wrong,

    /// <summary>The driver refused it.</summary>
    Failed,

    /// <summary>There was no time left for it.</summary>
    Untried,
}
