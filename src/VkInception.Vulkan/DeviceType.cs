namespace VkInception.Vulkan;

/// <summary>What kind of processor a device is, as its driver says; <c>auto</c> prefers them in this order.</summary>
public enum DeviceType
{
    /// <summary>A GPU with memory of its own.</summary>
    DiscreteGpu,
    /// <summary>A GPU that shares the host's memory.</summary>
    IntegratedGpu,
    /// <summary>A GPU seen through a virtual machine.</summary>
    VirtualGpu,
    /// <summary>A software driver on the host's processor.</summary>
    Cpu,
    /// <summary>None of these.</summary>
    Other,
}
