namespace VkInception.Vulkan;

/// <summary>A call in progress: the device is not torn down before it is disposed.</summary>
internal readonly ref struct DeviceUse(DeviceContext context)
{
    public void Dispose() => context.Leave();
}
