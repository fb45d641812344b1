namespace VkInception.Vulkan;

/// <summary>What makes two kernels the same.</summary>
internal readonly record struct KernelKey(string ModuleHash, string Constants, uint LocalSize, uint SubgroupSize)
{
    public static KernelKey Of(SpirvModule module, IReadOnlyList<KernelConstant> constants, uint localSize, uint? subgroupSize) =>
        new(module.Hash,
            string.Join(';', constants.OrderBy(c => c.Name, StringComparer.Ordinal).Select(c => $"{c.Name}={c.Bits:x}")),
            localSize, subgroupSize ?? 0);
}
