namespace VkInception.Import;

/// <summary>The reason why one node cannot be translated; the importers gather these and go on, to name all of them at once.</summary>
internal static class Unsupported
{
    /// <summary>An error with the reason only; whoever gathers it knows the node.</summary>
    public static VkInceptionException Because(string reason) => new(ErrorCode.UnsupportedOperator, reason);
}
