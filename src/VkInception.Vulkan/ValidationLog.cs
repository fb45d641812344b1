namespace VkInception.Vulkan;

/// <summary>Messages of the validation layer, in the order they came; any thread may add.</summary>
internal sealed class ValidationLog
{
    // A layer that reports on every dispatch must not fill the memory.
    private const int MostMessages = 1000;
    // What a layer says of an extension of the driver that came after it: of the layer's age, not of the program.
    private static readonly string[] NewerThanLayer = ["unknown VkStructureType", "is not supported by this layer"];

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

    public void Add(string message)
    {
        if (NewerThanLayer.Any(words => message.Contains(words, StringComparison.Ordinal)) || IsDeclined(message))
            return;
        lock (gate)
        {
            if (messages.Count < MostMessages)
                messages.Add(message);
        }
    }

    private static bool IsDeclined(string message) =>
        message.Contains("BestPractices-", StringComparison.Ordinal) && DeclinedAdvice.Any(words => message.Contains(words, StringComparison.Ordinal));
}
