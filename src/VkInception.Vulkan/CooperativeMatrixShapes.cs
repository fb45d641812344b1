using Silk.NET.Vulkan;
using Silk.NET.Vulkan.Extensions.KHR;

namespace VkInception.Vulkan;

/// <summary>The matrix shapes of VK_KHR_cooperative_matrix, in words.</summary>
internal static unsafe class CooperativeMatrixShapes
{
    /// <summary>Largest side of a matrix that kernels take: more would not divide their tiles.</summary>
    private const int LargestSide = 16;

    /// <summary>Adds to a device's description what shapes it has.</summary>
    public static DeviceInfo Describe(DeviceInfo info, VulkanInstance instance, PhysicalDevice device)
    {
        CooperativeMatrixPropertiesKHR[] shapes = [.. Query(instance, device).Where(shape => shape.Scope == ScopeKHR.SubgroupKhr)];
        return info with { CooperativeMatrices = [.. shapes.Select(Describe).Distinct()], HalfMatrix = ForHalves(shapes) };
    }

    /// <summary>The largest shape with half inputs and float sums.</summary>
    private static CooperativeMatrix? ForHalves(IEnumerable<CooperativeMatrixPropertiesKHR> shapes) => shapes
        .Where(s => s.AType == ComponentTypeKHR.Float16Khr && s.BType == ComponentTypeKHR.Float16Khr && s.CType == ComponentTypeKHR.Float32Khr && s.ResultType == ComponentTypeKHR.Float32Khr)
        .Select(s => new CooperativeMatrix((int)s.MSize, (int)s.NSize, (int)s.KSize))
        .Where(s => IsUsable(s.M) && IsUsable(s.N) && IsUsable(s.K))
        .OrderByDescending(s => s.M * s.N * s.K).ThenByDescending(s => s.M).FirstOrDefault();

    private static bool IsUsable(int side) => side is 8 or LargestSide;

    private static CooperativeMatrixPropertiesKHR[] Query(VulkanInstance instance, PhysicalDevice device)
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
        return shapes[..(int)count];
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
