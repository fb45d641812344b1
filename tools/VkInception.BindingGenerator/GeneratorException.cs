namespace VkInception.BindingGenerator;

/// <summary>The binding cannot be written; the message is the one line that the user sees.</summary>
public sealed class GeneratorException(string message, Exception? inner = null) : Exception(message, inner);
