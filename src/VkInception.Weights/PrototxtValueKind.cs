namespace VkInception.Weights;

/// <summary>What stands behind a field's name in a protobuf text file.</summary>
public enum PrototxtValueKind
{
    /// <summary>A nested message: <c>{ … }</c> or <c>&lt; … &gt;</c>.</summary>
    Message,
    /// <summary>A quoted string, escapes resolved and neighbours joined.</summary>
    Text,
    /// <summary>A number as it was written.</summary>
    Number,
    /// <summary>A bare word: an enumeration's member, <c>true</c>, <c>false</c>.</summary>
    Word,
}
