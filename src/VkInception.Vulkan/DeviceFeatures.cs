namespace VkInception.Vulkan;

/// <summary>The features of a physical device that the library uses, each enabled exactly where present.</summary>
internal sealed record DeviceFeatures
{
    public bool BufferDeviceAddress { get; init; }
    public bool TimelineSemaphore { get; init; }
    public bool ScalarBlockLayout { get; init; }
    public bool Synchronization2 { get; init; }
    public bool ShaderFloat64 { get; init; }
    public bool ShaderInt64 { get; init; }
    public bool ShaderInt16 { get; init; }
    public bool ShaderInt8 { get; init; }
    public bool ShaderFloat16 { get; init; }
    public bool ShaderBufferInt64Atomics { get; init; }
    public bool StorageBuffer16Bit { get; init; }
    public bool UniformAndStorageBuffer16Bit { get; init; }
    public bool StoragePushConstant16 { get; init; }
    public bool StorageBuffer8Bit { get; init; }
    public bool UniformAndStorageBuffer8Bit { get; init; }
    public bool StoragePushConstant8 { get; init; }
    public bool SubgroupExtendedTypes { get; init; }
    public bool SubgroupSizeControl { get; init; }
    public bool ComputeFullSubgroups { get; init; }
    public bool VulkanMemoryModel { get; init; }
    public bool VulkanMemoryModelDeviceScope { get; init; }
    public bool IntegerDotProduct { get; init; }
    public bool CooperativeMatrix { get; init; }
    public bool Maintenance4 { get; init; }
    public bool SignedZeroInfNanPreserveFloat32 { get; init; }
    public SubgroupOperations Subgroup { get; init; }
    public bool SubgroupSizeSelectableInCompute { get; init; }
}
