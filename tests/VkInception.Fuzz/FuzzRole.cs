namespace VkInception.Fuzz;

/// <summary>What a process of the program does.</summary>
internal enum FuzzRole
{
    /// <summary>Starts workers, watches them, sums up.</summary>
    Supervisor,
    /// <summary>Tries inputs on one reader.</summary>
    Worker,
    /// <summary>Tries one file on one reader.</summary>
    Replay,
    /// <summary>Names the readers.</summary>
    List,
}
