using Silk.NET.Vulkan;

namespace VkInception.Vulkan;

/// <summary>What a device must have to be used at all; everything else is used where present.</summary>
internal static class DeviceRequirements
{
    private const SubgroupOperations Needed = SubgroupOperations.Basic | SubgroupOperations.Ballot | SubgroupOperations.Arithmetic;

    /// <summary>Null, or one phrase that names everything missing.</summary>
    public static string? Missing(DeviceCandidate candidate)
    {
        if (candidate.ApiVersion < Vk.Version12)
            return $"it needs Vulkan 1.2 and the driver has {candidate.Info.ApiVersion}; a newer driver may have it";

        DeviceFeatures features = candidate.Features;
        var missing = new List<string>();
        Require(features.BufferDeviceAddress, "bufferDeviceAddress");
        Require(features.TimelineSemaphore, "timelineSemaphore");
        Require(features.Synchronization2, "synchronization2 (Vulkan 1.3 or VK_KHR_synchronization2)");
        Require(features.ScalarBlockLayout, "scalarBlockLayout");
        Require((features.Subgroup & Needed) == Needed, "subgroup ballot and arithmetic in compute shaders");
        Require(candidate.QueueFamily is not null, "a compute queue");
        return missing.Count == 0 ? null : $"it lacks {string.Join(", ", missing)}; a newer driver may have it";

        void Require(bool present, string name)
        {
            if (!present)
                missing.Add(name);
        }
    }
}
