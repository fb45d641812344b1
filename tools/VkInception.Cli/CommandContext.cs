namespace VkInception.Cli;

/// <summary>What a command runs in.</summary>
internal sealed record CommandContext(Settings Settings, Terminal Terminal, CancellationToken Cancellation);
