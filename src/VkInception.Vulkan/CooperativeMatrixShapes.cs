using Silk.NET.Vulkan;
using Silk.NET.Vulkan.Extensions.KHR;

namespace VkInception.Vulkan;

/// <summary>The matrix shapes of VK_KHR_cooperative_matrix, in words.</summary>
internal static unsafe class CooperativeMatrixShapes
{
    public static IReadOnlyList<string> Query(VulkanInstance instance, PhysicalDevice device)
    {
        if (!instance.Vk.TryGetInstanceExtension(instance.Handle, out KhrCooperativeMatrix extension))
            return [];
        const string call = "vkGetPhysicalDeviceCooperativeMatrixPropertiesKHR";
        uint count = 0;
        extension.GetPhysicalDeviceCooperativeMatrixProperties(device, &count, null).Check(call);
        var shapes = new CooperativeMatrixPropertiesKHR[count];
        Array.Fill(shapes, new CooperativeMatrixPropertiesKHR { SType = StructureType.CooperativeMatrixPropertiesKhr });
        fixed (CooperativeMatrixPropertiesKHR* first = shapes)
            extension.GetPhysicalDeviceCooperativeMatrixProperties(device, &count, first).Check(call);
        return [.. shapes.Take((int)count).Where(shape => shape.Scope == ScopeKHR.SubgroupKhr).Select(Describe).Distinct()];
    }

    private static string Describe(CooperativeMatrixPropertiesKHR shape) =>
        $"{shape.MSize}×{shape.NSize}×{shape.KSize} {Name(shape.AType)}·{Name(shape.BType)}+{Name(shape.CType)}→{Name(shape.ResultType)}"
        + (shape.SaturatingAccumulation ? " saturating" : "");

    private static string Name(ComponentTypeKHR type) => type switch
    {
        ComponentTypeKHR.Float16Khr => "float16",
        ComponentTypeKHR.Float32Khr => "float32",
        ComponentTypeKHR.Float64Khr => "float64",
        ComponentTypeKHR.Sint8Khr => "int8",
        ComponentTypeKHR.Sint16Khr => "int16",
        ComponentTypeKHR.Sint32Khr => "int32",
        ComponentTypeKHR.Uint8Khr => "uint8",
        ComponentTypeKHR.Uint16Khr => "uint16",
        ComponentTypeKHR.Uint32Khr => "uint32",
        _ => $"type{(int)type}",
    };
}
