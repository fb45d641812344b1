namespace VkInception;

/// <summary>The one exception that the library throws on purpose: a stable code and one line that says what, where and what to do. Immutable: any thread may use it.</summary>
public sealed class VkInceptionException : Exception
{
    /// <summary>An error with its code and its line.</summary>
    public VkInceptionException(ErrorCode code, string message, Exception? inner = null)
        : base(message, inner) => Code = code;

    /// <summary>What went wrong; stable across versions.</summary>
    public ErrorCode Code { get; }
}
