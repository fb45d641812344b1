namespace VkInception.Vulkan;

/// <summary>Keeps a device open until it is disposed; twice is harmless.</summary>
internal sealed class DeviceHold(DeviceContext context) : IDisposable
{
    private int released;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref released, 1) == 0)
            context.EndHold();
    }
}
