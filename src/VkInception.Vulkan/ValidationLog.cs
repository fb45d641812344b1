namespace VkInception.Vulkan;

/// <summary>Messages of the validation layer, in the order they came; any thread may add.</summary>
internal sealed class ValidationLog
{
    // A layer that reports on every dispatch must not fill the memory.
    private const int MostMessages = 1000;
    // What a layer says of an extension of the driver that came after it: of the layer's age, not of the program.
    private static readonly string[] NewerThanLayer = ["unknown VkStructureType", "is not supported by this layer"];

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
        if (NewerThanLayer.Any(words => message.Contains(words, StringComparison.Ordinal)))
            return;
        lock (gate)
        {
            if (messages.Count < MostMessages)
                messages.Add(message);
        }
    }
}
