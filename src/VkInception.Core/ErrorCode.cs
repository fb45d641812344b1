namespace VkInception;

/// <summary>What went wrong, stable across versions: programs branch on it, people read the message.</summary>
public enum ErrorCode
{
    /// <summary>An argument is outside what the call accepts.</summary>
    InvalidArgument = 1,
    /// <summary>A file or folder is missing or is of another kind (a folder where a file is needed).</summary>
    FileNotFound = 2,
    /// <summary>A file is truncated, corrupt or contradicts itself.</summary>
    FileDamaged = 3,
    /// <summary>A file is sound but of a format, version or feature that is not read.</summary>
    UnsupportedFormat = 4,
    /// <summary>A file holds something that is refused on principle (a pickle that calls code, a bomb).</summary>
    FileRefused = 5,
    /// <summary>Reading or writing failed in the operating system.</summary>
    InputOutput = 6,
    /// <summary>A graph uses operators that the library does not have.</summary>
    UnsupportedOperator = 10,
    /// <summary>Shapes do not fit an operation.</summary>
    ShapeMismatch = 11,
    /// <summary>A checkpoint lacks tensors, has extra ones, or has them in other shapes.</summary>
    WeightMismatch = 12,
    /// <summary>No network of that name.</summary>
    UnknownModel = 13,
    /// <summary>No node or tensor of that name.</summary>
    UnknownNode = 14,
    /// <summary>No Vulkan loader on this machine.</summary>
    NoVulkanLoader = 20,
    /// <summary>The loader found no driver, or no device.</summary>
    NoDevice = 21,
    /// <summary>No device matches the selection.</summary>
    UnknownDevice = 22,
    /// <summary>The device lacks a feature that the library needs.</summary>
    DeviceUnsuitable = 23,
    /// <summary>The host has no memory left for the driver.</summary>
    OutOfHostMemory = 24,
    /// <summary>The device has no memory left.</summary>
    OutOfDeviceMemory = 25,
    /// <summary>The device was lost; open it anew.</summary>
    DeviceLost = 26,
    /// <summary>A Vulkan call failed in another way.</summary>
    VulkanCallFailed = 27,
    /// <summary>The validation layers reported an error.</summary>
    ValidationFailed = 28,
    /// <summary>A shader does not compile, or does not declare what its dispatch passes.</summary>
    ShaderFailed = 29,
    /// <summary>Training produced NaN or infinity.</summary>
    Diverged = 40,
}
