namespace VkInception.Vulkan;

/// <summary>Who touches a buffer, which decides the memory it lies in.</summary>
public enum MemoryUse
{
    /// <summary>The device reads and writes; the host through uploads and downloads.</summary>
    Device,
    /// <summary>The host writes, the device reads; always mapped.</summary>
    Upload,
    /// <summary>The device writes, the host reads; always mapped, cached where the device has such memory.</summary>
    Readback,
}
