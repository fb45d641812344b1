namespace VkInception.Vulkan;

/// <summary>Kinds of work on the device that a barrier orders.</summary>
[Flags]
public enum PipelineWork
{
    /// <summary>Kernels.</summary>
    Compute = 1,
    /// <summary>Copies and fills.</summary>
    Transfer = 2,
}
