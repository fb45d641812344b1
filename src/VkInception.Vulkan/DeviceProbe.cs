using Silk.NET.Vulkan;

namespace VkInception.Vulkan;

/// <summary>Asks a physical device everything the library wants to know of it, whatever its Vulkan version.</summary>
internal static unsafe class DeviceProbe
{
    private const string Synchronization2Extension = "VK_KHR_synchronization2";
    private const string SubgroupSizeExtension = "VK_EXT_subgroup_size_control";
    private const string PciExtension = "VK_EXT_pci_bus_info";
    private const string CooperativeMatrixExtension = "VK_KHR_cooperative_matrix";
    private const string BFloat16Extension = "VK_KHR_shader_bfloat16";

    public static DeviceCandidate Probe(VulkanInstance instance, PhysicalDevice device)
    {
        Vk vk = instance.Vk;
        PhysicalDeviceProperties basic;
        vk.GetPhysicalDeviceProperties(device, &basic);
        HashSet<string> extensions = Extensions(vk, device);
        DeviceFeatures features = basic.ApiVersion >= Vk.Version12 ? Features(vk, device, basic.ApiVersion, extensions) : new DeviceFeatures();
        DeviceCandidate candidate = Properties(vk, device, basic, extensions, features);
        if (candidate.Features.CooperativeMatrix)
            candidate = candidate with { Info = CooperativeMatrixShapes.Describe(candidate.Info, instance, device) };
        (uint? family, uint timestampBits) = ComputeQueue(vk, device);
        candidate = candidate with
        {
            QueueFamily = family,
            TimestampValidBits = timestampBits,
            Info = candidate.Info with { Timestamps = timestampBits > 0 && basic.Limits.TimestampPeriod > 0 },
        };
        return candidate with { Info = candidate.Info with { Unsuitable = DeviceRequirements.Missing(candidate) } };
    }

    private static HashSet<string> Extensions(Vk vk, PhysicalDevice device)
    {
        uint count = 0;
        vk.EnumerateDeviceExtensionProperties(device, (byte*)null, &count, null).Check("vkEnumerateDeviceExtensionProperties");
        var properties = new ExtensionProperties[count];
        var found = new HashSet<string>(StringComparer.Ordinal);
        fixed (ExtensionProperties* first = properties)
        {
            vk.EnumerateDeviceExtensionProperties(device, (byte*)null, &count, first).Check("vkEnumerateDeviceExtensionProperties");
            for (uint i = 0; i < count; i++)
                found.Add(NativeStrings.Read(first[i].ExtensionName));
        }
        return found;
    }

    private static DeviceFeatures Features(Vk vk, PhysicalDevice device, uint api, HashSet<string> extensions)
    {
        bool is13 = api >= Vk.Version13;
        var f11 = new PhysicalDeviceVulkan11Features { SType = StructureType.PhysicalDeviceVulkan11Features };
        var f12 = new PhysicalDeviceVulkan12Features { SType = StructureType.PhysicalDeviceVulkan12Features, PNext = &f11 };
        var f13 = new PhysicalDeviceVulkan13Features { SType = StructureType.PhysicalDeviceVulkan13Features };
        var synchronization = new PhysicalDeviceSynchronization2Features { SType = StructureType.PhysicalDeviceSynchronization2Features };
        var subgroupSize = new PhysicalDeviceSubgroupSizeControlFeatures { SType = StructureType.PhysicalDeviceSubgroupSizeControlFeatures };
        var cooperative = new PhysicalDeviceCooperativeMatrixFeaturesKHR { SType = StructureType.PhysicalDeviceCooperativeMatrixFeaturesKhr };
        void* chain = &f12;
        if (is13)
        {
            f13.PNext = chain;
            chain = &f13;
        }
        if (!is13 && extensions.Contains(Synchronization2Extension))
        {
            synchronization.PNext = chain;
            chain = &synchronization;
        }
        if (!is13 && extensions.Contains(SubgroupSizeExtension))
        {
            subgroupSize.PNext = chain;
            chain = &subgroupSize;
        }
        if (extensions.Contains(CooperativeMatrixExtension))
        {
            cooperative.PNext = chain;
            chain = &cooperative;
        }
        var all = new PhysicalDeviceFeatures2 { SType = StructureType.PhysicalDeviceFeatures2, PNext = chain };
        vk.GetPhysicalDeviceFeatures2(device, &all);
        return new DeviceFeatures
        {
            BufferDeviceAddress = f12.BufferDeviceAddress,
            TimelineSemaphore = f12.TimelineSemaphore,
            ScalarBlockLayout = f12.ScalarBlockLayout,
            Synchronization2 = f13.Synchronization2 || synchronization.Synchronization2,
            ShaderFloat64 = all.Features.ShaderFloat64,
            ShaderInt64 = all.Features.ShaderInt64,
            ShaderInt16 = all.Features.ShaderInt16,
            ShaderInt8 = f12.ShaderInt8,
            ShaderFloat16 = f12.ShaderFloat16,
            ShaderBufferInt64Atomics = f12.ShaderBufferInt64Atomics,
            StorageBuffer16Bit = f11.StorageBuffer16BitAccess,
            UniformAndStorageBuffer16Bit = f11.UniformAndStorageBuffer16BitAccess,
            StoragePushConstant16 = f11.StoragePushConstant16,
            StorageBuffer8Bit = f12.StorageBuffer8BitAccess,
            UniformAndStorageBuffer8Bit = f12.UniformAndStorageBuffer8BitAccess,
            StoragePushConstant8 = f12.StoragePushConstant8,
            SubgroupExtendedTypes = f12.ShaderSubgroupExtendedTypes,
            SubgroupSizeControl = f13.SubgroupSizeControl || subgroupSize.SubgroupSizeControl,
            ComputeFullSubgroups = f13.ComputeFullSubgroups || subgroupSize.ComputeFullSubgroups,
            VulkanMemoryModel = f12.VulkanMemoryModel,
            VulkanMemoryModelDeviceScope = f12.VulkanMemoryModelDeviceScope,
            IntegerDotProduct = f13.ShaderIntegerDotProduct,
            CooperativeMatrix = cooperative.CooperativeMatrix && f12.VulkanMemoryModel,
            Maintenance4 = f13.Maintenance4,
        };
    }

    private static DeviceCandidate Properties(Vk vk, PhysicalDevice device, PhysicalDeviceProperties basic, HashSet<string> extensions, DeviceFeatures features)
    {
        bool is11 = basic.ApiVersion >= Vk.Version11, is12 = basic.ApiVersion >= Vk.Version12, is13 = basic.ApiVersion >= Vk.Version13;
        var identity = new PhysicalDeviceIDProperties { SType = StructureType.PhysicalDeviceIDProperties };
        var maintenance3 = new PhysicalDeviceMaintenance3Properties { SType = StructureType.PhysicalDeviceMaintenance3Properties, PNext = &identity };
        var subgroup = new PhysicalDeviceSubgroupProperties { SType = StructureType.PhysicalDeviceSubgroupProperties, PNext = &maintenance3 };
        var driver = new PhysicalDeviceDriverProperties { SType = StructureType.PhysicalDeviceDriverProperties };
        var floats = new PhysicalDeviceFloatControlsProperties { SType = StructureType.PhysicalDeviceFloatControlsProperties };
        var subgroupSize = new PhysicalDeviceSubgroupSizeControlProperties { SType = StructureType.PhysicalDeviceSubgroupSizeControlProperties };
        var maintenance4 = new PhysicalDeviceMaintenance4Properties { SType = StructureType.PhysicalDeviceMaintenance4Properties };
        var pci = new PhysicalDevicePCIBusInfoPropertiesEXT { SType = StructureType.PhysicalDevicePciBusInfoPropertiesExt };
        void* chain = &subgroup;
        if (is12)
        {
            driver.PNext = chain;
            floats.PNext = &driver;
            chain = &floats;
        }
        if (features.SubgroupSizeControl)
        {
            subgroupSize.PNext = chain;
            chain = &subgroupSize;
        }
        if (is13)
        {
            maintenance4.PNext = chain;
            chain = &maintenance4;
        }
        bool hasPci = extensions.Contains(PciExtension);
        if (hasPci)
        {
            pci.PNext = chain;
            chain = &pci;
        }
        var all = new PhysicalDeviceProperties2 { SType = StructureType.PhysicalDeviceProperties2, PNext = chain };
        if (is11)
            vk.GetPhysicalDeviceProperties2(device, &all);

        const SubgroupFeatureFlags every = (SubgroupFeatureFlags)0xff;
        bool subgroupsInCompute = subgroup.SupportedStages.HasFlag(ShaderStageFlags.ComputeBit);
        features = features with
        {
            Subgroup = subgroupsInCompute ? (SubgroupOperations)(int)(subgroup.SupportedOperations & every) : SubgroupOperations.None,
            SubgroupSizeSelectableInCompute = features.SubgroupSizeControl && subgroupSize.RequiredSubgroupSizeStages.HasFlag(ShaderStageFlags.ComputeBit),
            SignedZeroInfNanPreserveFloat32 = floats.ShaderSignedZeroInfNanPreserveFloat32,
        };
        bool selectable = features.SubgroupSizeSelectableInCompute && subgroupSize.MinSubgroupSize > 0;
        PhysicalDeviceLimits limits = basic.Limits;
        (ulong memory, bool unified) = DeviceMemory(vk, device);
        string driverName = NativeStrings.Read(driver.DriverName), driverInfo = NativeStrings.Read(driver.DriverInfo);
        long maxAllocation = is11 ? Clamp(maintenance3.MaxMemoryAllocationSize) : 1L << 30;
        return new DeviceCandidate
        {
            Handle = device,
            Features = features,
            Extensions = extensions,
            ApiVersion = basic.ApiVersion,
            DriverVersion = basic.DriverVersion,
            DriverId = (int)driver.DriverID,
            Luid = identity.DeviceLuidvalid ? Hexadecimal(identity.DeviceLuid, 8) : null,
            PciAddress = hasPci ? $"{pci.PciDomain:x4}:{pci.PciBus:x2}:{pci.PciDevice:x2}.{pci.PciFunction}" : null,
            PipelineCacheUuid = Hexadecimal(basic.PipelineCacheUuid, 16),
            TimestampPeriod = limits.TimestampPeriod,
            MaxWorkgroupSubgroups = selectable ? subgroupSize.MaxComputeWorkgroupSubgroups : 0,
            MaxAllocationCount = limits.MaxMemoryAllocationCount,
            MaxAllocationSize = maxAllocation,
            MaxBufferSize = maintenance4.MaxBufferSize > 0 ? Clamp(maintenance4.MaxBufferSize) : maxAllocation,
            Info = new DeviceInfo
            {
                Index = 0,
                Name = NativeStrings.Read(basic.DeviceName),
                Type = TypeOf(basic.DeviceType),
                Uuid = new Guid(new ReadOnlySpan<byte>(identity.DeviceUuid, 16), bigEndian: true).ToString(),
                DriverName = driverName.Length > 0 ? driverName : "unknown",
                DriverVersion = driverInfo.Length > 0 ? driverInfo : Version(basic.DriverVersion),
                ApiVersion = Version(basic.ApiVersion),
                VendorId = basic.VendorID,
                DeviceId = basic.DeviceID,
                MemoryBytes = memory,
                UnifiedMemory = unified,
                SubgroupSize = subgroup.SubgroupSize,
                MinSubgroupSize = selectable ? subgroupSize.MinSubgroupSize : subgroup.SubgroupSize,
                MaxSubgroupSize = selectable ? subgroupSize.MaxSubgroupSize : subgroup.SubgroupSize,
                MaxWorkgroupInvocations = limits.MaxComputeWorkGroupInvocations,
                MaxWorkgroupSizeX = limits.MaxComputeWorkGroupSize[0],
                MaxWorkgroupCount = (limits.MaxComputeWorkGroupCount[0], limits.MaxComputeWorkGroupCount[1], limits.MaxComputeWorkGroupCount[2]),
                SharedMemoryBytes = limits.MaxComputeSharedMemorySize,
                MaxPushBytes = limits.MaxPushConstantsSize,
                Float16 = features.ShaderFloat16,
                Float64 = features.ShaderFloat64,
                BFloat16 = extensions.Contains(BFloat16Extension),
                Int8 = features.ShaderInt8,
                Int16 = features.ShaderInt16,
                Int64 = features.ShaderInt64,
                Storage16Bit = features.StorageBuffer16Bit,
                Storage8Bit = features.StorageBuffer8Bit,
                SubgroupShuffle = features.Subgroup.HasFlag(SubgroupOperations.Shuffle),
                SubgroupSizeControl = selectable,
            },
        };
    }

    private static (ulong Bytes, bool Unified) DeviceMemory(Vk vk, PhysicalDevice device)
    {
        PhysicalDeviceMemoryProperties memory;
        vk.GetPhysicalDeviceMemoryProperties(device, &memory);
        ulong total = 0, largest = 0, largestMapped = 0;
        for (int i = 0; i < memory.MemoryHeapCount; i++)
        {
            if (memory.MemoryHeaps[i].Flags.HasFlag(MemoryHeapFlags.DeviceLocalBit))
            {
                total += memory.MemoryHeaps[i].Size;
                largest = Math.Max(largest, memory.MemoryHeaps[i].Size);
            }
        }
        const MemoryPropertyFlags direct = MemoryPropertyFlags.DeviceLocalBit | MemoryPropertyFlags.HostVisibleBit | MemoryPropertyFlags.HostCoherentBit;
        for (int i = 0; i < memory.MemoryTypeCount; i++)
        {
            if ((memory.MemoryTypes[i].PropertyFlags & direct) == direct)
                largestMapped = Math.Max(largestMapped, memory.MemoryHeaps[(int)memory.MemoryTypes[i].HeapIndex].Size);
        }
        return (total, largest > 0 && largestMapped == largest);
    }

    /// <summary>A family that computes and does not draw leaves the screen responsive; one with timestamps is preferred within each kind.</summary>
    private static (uint? Family, uint TimestampBits) ComputeQueue(Vk vk, PhysicalDevice device)
    {
        uint count = 0;
        vk.GetPhysicalDeviceQueueFamilyProperties(device, &count, null);
        var families = new QueueFamilyProperties[count];
        fixed (QueueFamilyProperties* first = families)
            vk.GetPhysicalDeviceQueueFamilyProperties(device, &count, first);
        var best = families.Select((family, index) => (family, index))
            .Where(f => f.family.QueueCount > 0 && f.family.QueueFlags.HasFlag(QueueFlags.ComputeBit))
            .OrderBy(f => f.family.TimestampValidBits == 0)
            .ThenBy(f => f.family.QueueFlags.HasFlag(QueueFlags.GraphicsBit))
            .ThenBy(f => f.index)
            .Select(f => ((uint?)f.index, f.family.TimestampValidBits))
            .FirstOrDefault();
        return best;
    }

    private static DeviceType TypeOf(PhysicalDeviceType type) => type switch
    {
        PhysicalDeviceType.DiscreteGpu => DeviceType.DiscreteGpu,
        PhysicalDeviceType.IntegratedGpu => DeviceType.IntegratedGpu,
        PhysicalDeviceType.VirtualGpu => DeviceType.VirtualGpu,
        PhysicalDeviceType.Cpu => DeviceType.Cpu,
        _ => DeviceType.Other,
    };

    private static string Version(uint version) => $"{version >> 22 & 0x7f}.{version >> 12 & 0x3ff}.{version & 0xfff}";

    private static string Hexadecimal(byte* bytes, int count) => Convert.ToHexStringLower(new ReadOnlySpan<byte>(bytes, count));

    private static long Clamp(ulong value) => (long)Math.Min(value, long.MaxValue);
}
