namespace VkInception.Vulkan;

/// <summary>Something that must go before its device does.</summary>
internal interface IDeviceChild
{
    /// <summary>Gives back what it holds at once. The device is idle, and nobody else reaches the child any more.</summary>
    void TearDown();
}
