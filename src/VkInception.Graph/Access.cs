namespace VkInception.Graph;

/// <summary>Whether a kernel reads or writes a tensor; the scheduler derives barriers from it.</summary>
public enum Access
{
    /// <summary>Reads only.</summary>
    Read,
    /// <summary>Writes every element of the view, reads none.</summary>
    Write,
    /// <summary>Reads and writes in place.</summary>
    ReadWrite,
}
