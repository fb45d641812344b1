using VkInception;

namespace Silk.NET.Vulkan;

/// <summary>The commands of one extension, for one instance and, where they are a device's, one device.</summary>
internal abstract class VulkanExtension(Vk vk, Instance instance, Device device)
{
    /// <summary>The device that the extension was asked for; null for an instance extension.</summary>
    public Device? CurrentDevice { get; } = device.Handle == 0 ? null : device;

    protected nint LoadFunction(string name)
    {
        nint address = vk.FindFunction(instance, name);
        return address != 0 ? address : throw new VkInceptionException(ErrorCode.DeviceUnsuitable, Vk.Missing(name, beforeInstance: false));
    }
}
