namespace VkInception.Weights;

/// <summary>One <c>name: value</c> of a protobuf text file; a list gives one field per element.</summary>
/// <param name="Name">The field's name.</param>
/// <param name="Kind">What the value is.</param>
/// <param name="Text">The value, empty for a message.</param>
/// <param name="Message">The nested message; null for every other kind.</param>
/// <param name="Line">Line of the name, from 1.</param>
public sealed record PrototxtField(string Name, PrototxtValueKind Kind, string Text, PrototxtMessage? Message, int Line);
