namespace VkInception.Weights;

/// <summary>Kinds of tokens in protobuf's text format.</summary>
internal enum PrototxtTokenKind
{
    /// <summary>Nothing follows.</summary>
    End,
    /// <summary>An identifier, or a signed <c>inf</c> or <c>nan</c>.</summary>
    Word,
    /// <summary>A number with its sign.</summary>
    Number,
    /// <summary>One quoted string, escapes resolved.</summary>
    Text,
    /// <summary>One character: braces, brackets, colon, comma, semicolon.</summary>
    Mark,
}
