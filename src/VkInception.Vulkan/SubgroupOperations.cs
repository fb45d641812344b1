namespace VkInception.Vulkan;

/// <summary>VkSubgroupFeatureFlagBits, the ones that compute kernels use.</summary>
[Flags]
internal enum SubgroupOperations
{
    None = 0,
    Basic = 1,
    Vote = 2,
    Arithmetic = 4,
    Ballot = 8,
    Shuffle = 16,
    ShuffleRelative = 32,
    Clustered = 64,
    Quad = 128,
}
