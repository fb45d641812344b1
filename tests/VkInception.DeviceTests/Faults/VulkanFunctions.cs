using System.Reflection;
using Silk.NET.Vulkan;

namespace VkInception.DeviceTests.Faults;

/// <summary>What the binding knows of Vulkan's functions, and which results each may return.</summary>
internal static class VulkanFunctions
{
    private static readonly HashSet<string> WithResult = Find();

    /// <summary>What tells that a device is lost, of everything that the library calls.</summary>
    private static readonly HashSet<string> LossTellers =
    [
        "vkQueueSubmit2", "vkQueueSubmit2KHR", "vkWaitSemaphores", "vkGetSemaphoreCounterValue", "vkDeviceWaitIdle", "vkQueueWaitIdle", "vkGetQueryPoolResults",
    ];

    /// <summary>Failures that are played at every function; drivers return more than their specification says.</summary>
    private static readonly Result[] Everywhere = [Result.ErrorOutOfHostMemory, Result.ErrorOutOfDeviceMemory, Result.ErrorInitializationFailed, Result.ErrorDeviceLost, Result.ErrorUnknown];

    public static bool ReturnsResult(string function) => WithResult.Contains(function);

    public static bool TellsLoss(string function) => LossTellers.Contains(function);

    /// <summary>The results to try at a function.</summary>
    public static IEnumerable<Result> ResultsOf(string function) => function switch
    {
        "vkWaitSemaphores" => [.. Everywhere, Result.Timeout],
        "vkAllocateMemory" => [.. Everywhere, Result.ErrorTooManyObjects, Result.ErrorInvalidExternalHandle],
        "vkMapMemory" => [.. Everywhere, Result.ErrorMemoryMapFailed],
        "vkCreateInstance" => [.. Everywhere, Result.ErrorLayerNotPresent, Result.ErrorExtensionNotPresent, Result.ErrorIncompatibleDriver],
        "vkCreateDevice" => [.. Everywhere, Result.ErrorExtensionNotPresent, Result.ErrorFeatureNotPresent, Result.ErrorTooManyObjects],
        "vkCreateComputePipelines" or "vkCreateShaderModule" => [.. Everywhere, Result.ErrorInvalidShaderNV],
        _ => Everywhere,
    };

    private static HashSet<string> Find()
    {
        var found = new HashSet<string>();
        const BindingFlags methods = BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly;
        foreach (MethodInfo method in typeof(Vk).GetMethods(methods).Where(m => m.ReturnType == typeof(Result))) found.Add($"vk{method.Name}");
        foreach (Type extension in typeof(Vk).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(VulkanExtension))))
        {
            string suffix = extension.Namespace!.Split('.')[^1];
            foreach (MethodInfo method in extension.GetMethods(methods).Where(m => m.ReturnType == typeof(Result))) found.Add($"vk{method.Name}{suffix}");
        }
        found.Add("vkQueueSubmit2KHR");
        return found;
    }
}
