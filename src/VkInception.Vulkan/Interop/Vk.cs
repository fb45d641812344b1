using System.Runtime.InteropServices;
using System.Text;
using Silk.NET.Core;
using VkInception;

namespace Silk.NET.Vulkan;

/// <summary>Vulkan's commands, loaded one by one as they are first called. One object serves one instance, as in Silk.NET.</summary>
internal sealed unsafe partial class Vk : IDisposable
{
    public static readonly Version32 Version10 = new(1, 0, 0);
    public static readonly Version32 Version11 = new(1, 1, 0);
    public static readonly Version32 Version12 = new(1, 2, 0);
    public static readonly Version32 Version13 = new(1, 3, 0);

    private readonly delegate* unmanaged<Instance, byte*, nint> getInstanceProcAddr;
    private readonly Func<string, nint, nint>? interposer;

    private Vk(nint library, Func<string, nint, nint>? interposer)
    {
        getInstanceProcAddr = (delegate* unmanaged<Instance, byte*, nint>)NativeLibrary.GetExport(library, "vkGetInstanceProcAddr");
        this.interposer = interposer;
    }

    /// <summary>
    /// Sees every Vulkan function that objects made from now on load: given its name and address, says which address is called.
    /// Tests put their faults here; null, the usual state, leaves the driver's.
    /// </summary>
    public static Func<string, nint, nint>? Interposer { get; set; }

    /// <summary>The instance made last through this object; null before.</summary>
    public Instance? CurrentInstance { get; set; }

    /// <summary>The device made last through this object; null before.</summary>
    public Device? CurrentDevice { get; set; }

    /// <summary>Opens the Vulkan loader.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.NoVulkanLoader"/>: none is installed.</exception>
    public static Vk GetApi() => new(VulkanLoader.Open(), Interposer);

    public static Version32 MakeVersion(uint major, uint minor, uint patch = 0) => new(major, minor, patch);

    /// <summary>An extension's commands, where the loader or a driver below <paramref name="instance"/> has them.</summary>
    public bool TryGetInstanceExtension<T>(Instance instance, out T extension)
        where T : VulkanExtension, IVulkanExtension<T>
    {
        bool present = FindFunction(instance, T.FirstCommand) != 0;
        extension = present ? T.Create(this, instance) : null!;
        return present;
    }

    /// <summary>Nothing is held that must be given back; Silk.NET's counterpart is disposable.</summary>
    public void Dispose() => (CurrentInstance, CurrentDevice) = (null, null);

    /// <summary>The one place through which every Vulkan function passes. Zero where the loader has none of that name.</summary>
    internal nint FindFunction(Instance instance, string name)
    {
        int length = Encoding.UTF8.GetByteCount(name);
        Span<byte> text = stackalloc byte[length + 1];
        Encoding.UTF8.GetBytes(name, text);
        text[length] = 0;
        nint address;
        fixed (byte* pointer = text)
            address = getInstanceProcAddr(instance, pointer);
        return address != 0 && interposer is not null ? interposer(name, address) : address;
    }

    /// <summary>Loads a function through the current instance: the loader's own, which serve every device of the instance.</summary>
    private nint LoadFunction(string name)
    {
        nint address = FindFunction(CurrentInstance ?? default, name);
        return address != 0 ? address : throw new VkInceptionException(ErrorCode.DeviceUnsuitable, Missing(name, CurrentInstance is null));
    }

    internal static string Missing(string name, bool beforeInstance) => beforeInstance
        ? $"{name}: the Vulkan loader does not have it before an instance is made; update the loader"
        : $"{name}: the Vulkan loader or driver does not have it; update the graphics driver, or choose another device";
}
