namespace VkInception.Vulkan;

/// <summary>Names of the SPIR-V capabilities that compute kernels declare, and what a device must have for each.</summary>
internal static class SpirvCapability
{
    private static readonly Dictionary<uint, (string Name, Func<DeviceFeatures, bool> Has)> Known = new()
    {
        [0] = ("Matrix", _ => true),
        [1] = ("Shader", _ => true),
        [9] = ("Float16", f => f.ShaderFloat16),
        [10] = ("Float64", f => f.ShaderFloat64),
        [11] = ("Int64", f => f.ShaderInt64),
        [12] = ("Int64Atomics", f => f.ShaderBufferInt64Atomics),
        [22] = ("Int16", f => f.ShaderInt16),
        [39] = ("Int8", f => f.ShaderInt8),
        [61] = ("GroupNonUniform", f => f.Subgroup.HasFlag(SubgroupOperations.Basic)),
        [62] = ("GroupNonUniformVote", f => f.Subgroup.HasFlag(SubgroupOperations.Vote)),
        [63] = ("GroupNonUniformArithmetic", f => f.Subgroup.HasFlag(SubgroupOperations.Arithmetic)),
        [64] = ("GroupNonUniformBallot", f => f.Subgroup.HasFlag(SubgroupOperations.Ballot)),
        [65] = ("GroupNonUniformShuffle", f => f.Subgroup.HasFlag(SubgroupOperations.Shuffle)),
        [66] = ("GroupNonUniformShuffleRelative", f => f.Subgroup.HasFlag(SubgroupOperations.ShuffleRelative)),
        [67] = ("GroupNonUniformClustered", f => f.Subgroup.HasFlag(SubgroupOperations.Clustered)),
        [68] = ("GroupNonUniformQuad", f => f.Subgroup.HasFlag(SubgroupOperations.Quad)),
        [4433] = ("StorageBuffer16BitAccess", f => f.StorageBuffer16Bit),
        [4434] = ("UniformAndStorageBuffer16BitAccess", f => f.UniformAndStorageBuffer16Bit),
        [4435] = ("StoragePushConstant16", f => f.StoragePushConstant16),
        [4448] = ("StorageBuffer8BitAccess", f => f.StorageBuffer8Bit),
        [4449] = ("UniformAndStorageBuffer8BitAccess", f => f.UniformAndStorageBuffer8Bit),
        [4450] = ("StoragePushConstant8", f => f.StoragePushConstant8),
        [4466] = ("SignedZeroInfNanPreserve", f => f.SignedZeroInfNanPreserveFloat32),
        // Known by name and not enabled: no kernel of the library uses bfloat16 yet.
        [5116] = ("BFloat16TypeKHR", _ => false),
        [5117] = ("BFloat16DotProductKHR", _ => false),
        [5118] = ("BFloat16CooperativeMatrixKHR", _ => false),
        [5345] = ("VulkanMemoryModel", f => f.VulkanMemoryModel),
        [5346] = ("VulkanMemoryModelDeviceScope", f => f.VulkanMemoryModelDeviceScope),
        [5347] = ("PhysicalStorageBufferAddresses", f => f.BufferDeviceAddress),
        [6016] = ("DotProductInputAll", f => f.IntegerDotProduct),
        [6017] = ("DotProductInput4x8Bit", f => f.IntegerDotProduct),
        [6018] = ("DotProductInput4x8BitPacked", f => f.IntegerDotProduct),
        [6019] = ("DotProduct", f => f.IntegerDotProduct),
        [6022] = ("CooperativeMatrixKHR", f => f.CooperativeMatrix),
    };

    public static string NameOf(uint capability) =>
        Known.TryGetValue(capability, out var known) ? known.Name : $"Capability{capability}";

    /// <summary>False also for a capability that the library never enables, which the driver would be free to crash on.</summary>
    public static bool IsEnabled(uint capability, DeviceFeatures features) =>
        Known.TryGetValue(capability, out var known) && known.Has(features);
}
