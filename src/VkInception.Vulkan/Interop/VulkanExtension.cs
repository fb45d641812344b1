using VkInception;

namespace Silk.NET.Vulkan;

/// <summary>The commands of one extension, for one instance.</summary>
internal abstract class VulkanExtension(Vk vk, Instance instance)
{
    protected nint LoadFunction(string name)
    {
        nint address = vk.FindFunction(instance, name);
        return address != 0 ? address : throw new VkInceptionException(ErrorCode.DeviceUnsuitable, Vk.Missing(name, beforeInstance: false));
    }
}
