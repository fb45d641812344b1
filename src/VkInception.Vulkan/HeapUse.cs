namespace VkInception.Vulkan;

/// <summary>One memory heap of a device.</summary>
/// <param name="DeviceLocal">True for the device's own memory.</param>
/// <param name="SizeBytes">Bytes that the driver says the heap has.</param>
/// <param name="AllocatedBytes">Bytes that this device object took from it.</param>
/// <param name="AvailableBytes">Bytes that the driver estimates this process can still take (VK_EXT_memory_budget); null where it gives no estimate.</param>
public sealed record HeapUse(bool DeviceLocal, long SizeBytes, long AllocatedBytes, long? AvailableBytes);
