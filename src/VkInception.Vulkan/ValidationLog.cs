namespace VkInception.Vulkan;

/// <summary>Messages of the validation layer, in the order they came; any thread may add.</summary>
internal sealed class ValidationLog
{
    // A layer that reports on every dispatch must not fill the memory.
    private const int MostMessages = 1000;
    // What a layer says of itself: of an extension of the driver that came after it, of settings that somebody made for it.
    private static readonly string[] OfItself = ["unknown VkStructureType", "is not supported by this layer"];
    private static readonly string[] OfItsSettings = ["VALIDATION-SETTINGS", "WARNING-Setting-Limit-Adjusted"];

    // Advice that is not taken, by what its identifier holds in layers of any age.
    private static readonly string[] DeclinedAdvice =
    [
        // The extensions through which the layer speaks.
        "specialuse-extension",
        // A device of 1.2 whose driver knows 1.3, which only tests pretend.
        "deprecated-extension",
        // Its successor, LocalSizeId, needs 1.3.
        "SpirvDeprecated_WorkgroupSize",
        // A recording may be submitted again while it runs (CommandRecorder).
        "vkBeginCommandBuffer-simultaneous-use",
        // A timestamp of all commands: a span ends once everything before has ended.
        "pipeline-stage-flags",
    ];

    private readonly Lock gate = new();
    private readonly List<string> messages = [];

    public IReadOnlyList<string> Messages
    {
        get
        {
            lock (gate)
                return [.. messages];
        }
    }

    /// <param name="identifier">The rule's; older layers repeat it in the message.</param>
    /// <param name="message">What is wrong.</param>
    public void Add(string identifier, string message)
    {
        if (OfItself.Any(words => message.Contains(words, StringComparison.Ordinal)) || OfItsSettings.Contains(identifier) || IsDeclined(identifier))
            return;
        lock (gate)
        {
            if (messages.Count < MostMessages)
                messages.Add(message.Contains(identifier, StringComparison.Ordinal) ? message : $"{identifier}: {message}");
        }
    }

    private static bool IsDeclined(string identifier) =>
        identifier.Contains("BestPractices-", StringComparison.Ordinal) && DeclinedAdvice.Any(words => identifier.Contains(words, StringComparison.Ordinal));
}
