using Silk.NET.Vulkan;

namespace VkInception.Vulkan;

/// <summary>Turns a VkResult that says failure into the library's exception: the call, the result, the likely cure.</summary>
internal static class VulkanCall
{
    /// <summary>Passes success codes (0 and above, such as VK_TIMEOUT) through and throws for the rest.</summary>
    /// <param name="result">What the call returned.</param>
    /// <param name="call">Vulkan's name of the call.</param>
    /// <param name="doing">What it was for, in words that fit after "while"; may be empty.</param>
    public static Result Check(this Result result, string call, string doing = "")
    {
        if ((int)result >= 0)
            return result;
        throw Failure(result, call, doing);
    }

    public static bool IsOutOfMemory(Result result) =>
        result is Result.ErrorOutOfDeviceMemory or Result.ErrorOutOfHostMemory or Result.ErrorTooManyObjects;

    public static VkInceptionException Failure(Result result, string call, string doing = "")
    {
        (ErrorCode code, string cure) = Cure(result);
        string purpose = doing.Length == 0 ? "" : $" ({doing})";
        return new VkInceptionException(code, $"{call}{purpose} returned {VulkanName(result)}: {cure}");
    }

    private static (ErrorCode Code, string Cure) Cure(Result result) => result switch
    {
        Result.ErrorOutOfHostMemory => (ErrorCode.OutOfHostMemory, "the host has no memory left for the driver; close other programs or use a smaller batch"),
        Result.ErrorOutOfDeviceMemory => (ErrorCode.OutOfDeviceMemory, "the device has no memory left; use a smaller batch, fp16, or a device with more memory"),
        Result.ErrorTooManyObjects => (ErrorCode.OutOfDeviceMemory, "the driver allows no more objects of this kind; dispose buffers and devices that are done with"),
        Result.ErrorDeviceLost => (ErrorCode.DeviceLost, "the device was lost (a kernel ran past the system's watchdog, the driver was reset, or a kernel accessed a wrong address); open the device anew and compile the model again, with a smaller batch or with validation on"),
        Result.ErrorInitializationFailed => (ErrorCode.VulkanCallFailed, "the driver could not start; check that the driver is installed whole and the device is not taken by another program"),
        Result.ErrorMemoryMapFailed => (ErrorCode.OutOfHostMemory, "device memory cannot be mapped; the process lacks address space"),
        Result.ErrorLayerNotPresent => (ErrorCode.ValidationFailed, "a Vulkan layer is missing; install the Khronos validation layer (Debian: vulkan-validationlayers) or switch validation off"),
        Result.ErrorExtensionNotPresent or Result.ErrorFeatureNotPresent => (ErrorCode.DeviceUnsuitable, "the driver does not have what it was asked for; update the driver"),
        Result.ErrorIncompatibleDriver => (ErrorCode.NoDevice, "the Vulkan loader found no driver that it can use; install the GPU's Vulkan driver, or a software one (Debian: mesa-vulkan-drivers)"),
        _ => (ErrorCode.VulkanCallFailed, "the driver refused; update the driver, and try with validation on to learn more"),
    };

    /// <summary>ErrorDeviceLost is VK_ERROR_DEVICE_LOST in every document that a reader would search.</summary>
    private static string VulkanName(Result result)
    {
        if (!Enum.IsDefined(result))
            return $"VkResult {(int)result}";
        string name = result.ToString();
        var spelled = new System.Text.StringBuilder("VK");
        foreach (char c in name)
        {
            if (char.IsUpper(c))
                spelled.Append('_');
            spelled.Append(char.ToUpperInvariant(c));
        }
        return spelled.ToString();
    }
}
