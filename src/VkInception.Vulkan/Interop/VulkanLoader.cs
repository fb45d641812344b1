using System.Runtime.InteropServices;
using VkInception;

namespace Silk.NET.Vulkan;

/// <summary>Finds the Vulkan loader under the names that each system gives it. Once found it stays loaded: drivers do not bear unloading.</summary>
internal static class VulkanLoader
{
    /// <summary>Names a loader to take instead of the system's.</summary>
    public const string PathVariable = "VKINCEPTION_VULKAN_LOADER";

    private static readonly Lock Gate = new();
    private static (string Asked, nint Library)? found;

    /// <summary>The loader's library.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.NoVulkanLoader"/>: none is installed; the message says what to install.</exception>
    public static nint Open()
    {
        string asked = Environment.GetEnvironmentVariable(PathVariable) ?? "";
        lock (Gate)
        {
            if (found is { } known && known.Asked == asked)
                return known.Library;
            foreach (string name in asked.Length > 0 ? [asked] : Names())
            {
                if (!NativeLibrary.TryLoad(name, out nint library))
                    continue;
                if (NativeLibrary.TryGetExport(library, "vkGetInstanceProcAddr", out _))
                {
                    found = (asked, library);
                    return library;
                }
                NativeLibrary.Free(library);
            }
        }
        throw new VkInceptionException(ErrorCode.NoVulkanLoader, asked.Length > 0
            ? $"{asked}: not a Vulkan loader that can be loaded; correct or unset {PathVariable}"
            : $"no Vulkan loader on this machine ({Names()[0]}): {Cure()}");
    }

    private static string[] Names() =>
        OperatingSystem.IsWindows() ? ["vulkan-1.dll"]
        : OperatingSystem.IsMacOS() || OperatingSystem.IsIOS() ?
            [
                "libvulkan.1.dylib", "libvulkan.dylib", "libMoltenVK.dylib",
                "/opt/homebrew/lib/libvulkan.1.dylib", "/usr/local/lib/libvulkan.1.dylib",
                "/opt/homebrew/lib/libMoltenVK.dylib", "/usr/local/lib/libMoltenVK.dylib",
            ]
        : ["libvulkan.so.1", "libvulkan.so"];

    private static string Cure() =>
        OperatingSystem.IsWindows() ? "install the graphics driver of the GPU's vendor, which brings it"
        : OperatingSystem.IsMacOS() ? "install the Vulkan SDK, or vulkan-loader and molten-vk with Homebrew"
        : "install it with the GPU's driver (Debian, Ubuntu: apt install libvulkan1 mesa-vulkan-drivers; Fedora: dnf install vulkan-loader mesa-vulkan-drivers)";
}
