namespace VkInception.Vulkan;

/// <summary>Messages of the validation layer, in the order they came; any thread may add.</summary>
internal sealed class ValidationLog
{
    // A layer that reports on every dispatch must not fill the memory.
    private const int MostMessages = 1000;
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
        lock (gate)
        {
            if (messages.Count < MostMessages)
                messages.Add(message);
        }
    }
}
