using Silk.NET.Vulkan;

namespace VkInception.Vulkan;

/// <summary>Makes the logical device: one compute queue, every feature of <see cref="DeviceFeatures"/> that is present, no robust access.</summary>
internal static unsafe class DeviceCreation
{
    private static readonly string[] WantedExtensions =
        ["VK_KHR_portability_subset", "VK_EXT_memory_budget", "VK_KHR_cooperative_matrix"];

    // Core from 1.3 on; extensions on a 1.2 device.
    private static readonly string[] WantedExtensionsOf12 = ["VK_KHR_synchronization2", "VK_EXT_subgroup_size_control"];

    public static DeviceContext Create(VulkanInstance instance, DeviceCandidate candidate)
    {
        Vk vk = instance.Vk;
        DeviceFeatures features = candidate.Features;
        bool is13 = candidate.ApiVersion >= Vk.Version13;
        PhysicalDeviceVulkan11Features f11 = Features11(features);
        PhysicalDeviceVulkan12Features f12 = Features12(features);
        f12.PNext = &f11;
        var f13 = new PhysicalDeviceVulkan13Features
        {
            SType = StructureType.PhysicalDeviceVulkan13Features,
            Synchronization2 = features.Synchronization2,
            SubgroupSizeControl = features.SubgroupSizeControl,
            ComputeFullSubgroups = features.ComputeFullSubgroups,
            ShaderIntegerDotProduct = features.IntegerDotProduct,
            Maintenance4 = features.Maintenance4,
        };
        var synchronization = new PhysicalDeviceSynchronization2Features { SType = StructureType.PhysicalDeviceSynchronization2Features, Synchronization2 = true };
        var subgroupSize = new PhysicalDeviceSubgroupSizeControlFeatures
        {
            SType = StructureType.PhysicalDeviceSubgroupSizeControlFeatures,
            SubgroupSizeControl = features.SubgroupSizeControl,
            ComputeFullSubgroups = features.ComputeFullSubgroups,
        };
        var cooperative = new PhysicalDeviceCooperativeMatrixFeaturesKHR { SType = StructureType.PhysicalDeviceCooperativeMatrixFeaturesKhr, CooperativeMatrix = true };
        void* chain = &f12;
        if (is13)
        {
            f13.PNext = chain;
            chain = &f13;
        }
        else
        {
            synchronization.PNext = chain;
            chain = &synchronization;
            if (features.SubgroupSizeControl)
            {
                subgroupSize.PNext = chain;
                chain = &subgroupSize;
            }
        }
        if (features.CooperativeMatrix)
        {
            cooperative.PNext = chain;
            chain = &cooperative;
        }
        var enabled = new PhysicalDeviceFeatures2
        {
            SType = StructureType.PhysicalDeviceFeatures2,
            PNext = chain,
            Features = new PhysicalDeviceFeatures { ShaderFloat64 = features.ShaderFloat64, ShaderInt64 = features.ShaderInt64, ShaderInt16 = features.ShaderInt16 },
        };
        Device device = Create(vk, candidate, &enabled, is13);
        try
        {
            vk.CurrentDevice = device;
            Queue queue;
            vk.GetDeviceQueue(device, candidate.QueueFamily!.Value, 0, &queue);
            return new DeviceContext(instance, candidate, device, queue);
        }
        catch
        {
            vk.DestroyDevice(device, null);
            throw;
        }
    }

    private static Device Create(Vk vk, DeviceCandidate candidate, PhysicalDeviceFeatures2* features, bool is13)
    {
        using var names = new NativeStrings();
        List<string> extensions = [.. WantedExtensions.Where(candidate.Extensions.Contains)];
        if (!is13)
            extensions.AddRange(WantedExtensionsOf12.Where(candidate.Extensions.Contains));
        float priority = 1;
        var queueInfo = new DeviceQueueCreateInfo
        {
            SType = StructureType.DeviceQueueCreateInfo,
            QueueFamilyIndex = candidate.QueueFamily!.Value,
            QueueCount = 1,
            PQueuePriorities = &priority,
        };
        var info = new DeviceCreateInfo
        {
            SType = StructureType.DeviceCreateInfo,
            PNext = features,
            QueueCreateInfoCount = 1,
            PQueueCreateInfos = &queueInfo,
            EnabledExtensionCount = (uint)extensions.Count,
            PpEnabledExtensionNames = names.AddAll(extensions),
        };
        Device device;
        vk.CreateDevice(candidate.Handle, &info, null, &device).Check("vkCreateDevice", candidate.Info.Name);
        return device;
    }

    private static PhysicalDeviceVulkan11Features Features11(DeviceFeatures features) => new()
    {
        SType = StructureType.PhysicalDeviceVulkan11Features,
        StorageBuffer16BitAccess = features.StorageBuffer16Bit,
        UniformAndStorageBuffer16BitAccess = features.UniformAndStorageBuffer16Bit,
        StoragePushConstant16 = features.StoragePushConstant16,
    };

    private static PhysicalDeviceVulkan12Features Features12(DeviceFeatures features) => new()
    {
        SType = StructureType.PhysicalDeviceVulkan12Features,
        BufferDeviceAddress = features.BufferDeviceAddress,
        TimelineSemaphore = features.TimelineSemaphore,
        ScalarBlockLayout = features.ScalarBlockLayout,
        ShaderInt8 = features.ShaderInt8,
        ShaderFloat16 = features.ShaderFloat16,
        ShaderBufferInt64Atomics = features.ShaderBufferInt64Atomics,
        StorageBuffer8BitAccess = features.StorageBuffer8Bit,
        UniformAndStorageBuffer8BitAccess = features.UniformAndStorageBuffer8Bit,
        StoragePushConstant8 = features.StoragePushConstant8,
        ShaderSubgroupExtendedTypes = features.SubgroupExtendedTypes,
        VulkanMemoryModel = features.VulkanMemoryModel,
        VulkanMemoryModelDeviceScope = features.VulkanMemoryModelDeviceScope,
    };
}
