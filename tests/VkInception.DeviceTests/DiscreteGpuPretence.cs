using System.Runtime.InteropServices;
using Silk.NET.Vulkan;

namespace VkInception.DeviceTests;

/// <summary>While it lasts, every device says that it is a discrete GPU: so the kernels and the choices that are for GPUs run on a software driver too.</summary>
internal sealed class DiscreteGpuPretence : IDisposable
{
    // Delegates that native code calls must not be collected.
    private static readonly List<Properties> Kept = [];

    public DiscreteGpuPretence() => Vk.Interposer = Wrap;

    private delegate void Properties(nint device, nint properties);

    public void Dispose() => Vk.Interposer = null;

    private static nint Wrap(string name, nint address)
    {
        if (name != "vkGetPhysicalDeviceProperties") return address;
        Properties real = Marshal.GetDelegateForFunctionPointer<Properties>(address);
        Properties pretended = (device, properties) =>
        {
            real(device, properties);
            Marshal.WriteInt32(properties, (int)Marshal.OffsetOf<PhysicalDeviceProperties>(nameof(PhysicalDeviceProperties.DeviceType)), (int)PhysicalDeviceType.DiscreteGpu);
        };
        Kept.Add(pretended);
        return Marshal.GetFunctionPointerForDelegate(pretended);
    }
}
