namespace VkInception.Vulkan;

/// <summary>What a module asks of a device, checked before the driver is asked, which may crash on what it does not know.</summary>
internal static class KernelRequirements
{
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.DeviceUnsuitable"/> or <see cref="ErrorCode.ShaderFailed"/>, naming what is missing.</exception>
    public static void Check(SpirvModule module, DeviceCandidate device, uint localSize, uint? subgroupSize)
    {
        DeviceInfo info = device.Info;
        List<string> missing = [.. module.CapabilityNumbers.Where(c => !SpirvCapability.IsEnabled(c, device.Features)).Select(SpirvCapability.NameOf)];
        if (missing.Count > 0)
            throw new VkInceptionException(ErrorCode.DeviceUnsuitable, $"{module.Name}: it needs the SPIR-V capabilities {string.Join(", ", missing)}, which {info.Name} lacks or the library does not enable; choose another kernel or device");
        if (module.PushBytes > info.MaxPushBytes)
            throw new VkInceptionException(ErrorCode.DeviceUnsuitable, $"{module.Name}: {module.PushBytes} bytes of push constants, and {info.Name} allows {info.MaxPushBytes}");
        CheckWorkgroup(module, info, localSize);
        if (subgroupSize is { } size)
            CheckSubgroup(module, device, localSize, size);
    }

    private static void CheckWorkgroup(SpirvModule module, DeviceInfo info, uint localSize)
    {
        if (!module.SizedByConstant && localSize != module.WorkgroupSize.X)
            throw new VkInceptionException(ErrorCode.ShaderFailed, $"{module.Name}: local size {localSize} was asked for, and the source fixes it to {module.WorkgroupSize.X}; declare layout(local_size_x_id = 0)");
        ulong invocations = (ulong)localSize * module.WorkgroupSize.Y * module.WorkgroupSize.Z;
        if (localSize == 0 || localSize > info.MaxWorkgroupSizeX || invocations == 0 || invocations > info.MaxWorkgroupInvocations)
            throw new VkInceptionException(ErrorCode.DeviceUnsuitable, $"{module.Name}: a workgroup of {localSize}×{module.WorkgroupSize.Y}×{module.WorkgroupSize.Z}, and {info.Name} allows 1 to {Math.Min(info.MaxWorkgroupSizeX, info.MaxWorkgroupInvocations)} along x and {info.MaxWorkgroupInvocations} in all");
    }

    private static void CheckSubgroup(SpirvModule module, DeviceCandidate device, uint localSize, uint size)
    {
        DeviceInfo info = device.Info;
        bool selectable = System.Numerics.BitOperations.IsPow2(size) && size >= info.MinSubgroupSize && size <= info.MaxSubgroupSize;
        if (!selectable)
            throw new VkInceptionException(ErrorCode.DeviceUnsuitable, $"{module.Name}: a subgroup of {size} was asked for, and {info.Name} has {(info.MinSubgroupSize == info.MaxSubgroupSize ? $"{info.SubgroupSize}" : $"{info.MinSubgroupSize} to {info.MaxSubgroupSize}")}");
        ulong invocations = (ulong)localSize * module.WorkgroupSize.Y * module.WorkgroupSize.Z;
        if (device.MaxWorkgroupSubgroups > 0 && invocations > (ulong)size * device.MaxWorkgroupSubgroups)
            throw new VkInceptionException(ErrorCode.DeviceUnsuitable, $"{module.Name}: a workgroup of {invocations} in subgroups of {size}, and {info.Name} allows {device.MaxWorkgroupSubgroups} subgroups in one");
    }
}
