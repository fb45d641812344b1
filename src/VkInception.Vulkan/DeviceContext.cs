using System.Text;
using Silk.NET.Vulkan;

namespace VkInception.Vulkan;

/// <summary>The handles that every part of the device layer shares, and the register of what must go before the device does.</summary>
internal sealed unsafe class DeviceContext
{
    private readonly Lock gate = new();
    private readonly HashSet<IDisposable> children = [];

    public DeviceContext(VulkanInstance instance, DeviceCandidate candidate, Device device, Queue queue)
    {
        Instance = instance;
        Candidate = candidate;
        Device = device;
        Queue = queue;
        Synchronization = new Synchronization(instance, candidate.ApiVersion >= Vk.Version13);
    }

    public VulkanInstance Instance { get; }
    public Vk Vk => Instance.Vk;
    public DeviceCandidate Candidate { get; }
    public Device Device { get; }
    public Queue Queue { get; }
    public uint QueueFamily => Candidate.QueueFamily!.Value;
    public Synchronization Synchronization { get; }
    /// <summary>Set when tear-down begins: what is disposed later has nothing left to give back.</summary>
    public bool Closed { get; private set; }

    /// <summary>Registers something that must be disposed before the device.</summary>
    public void Adopt(IDisposable child)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(Closed, typeof(GpuDevice));
            children.Add(child);
        }
    }

    /// <summary>True for the one caller that may destroy the child: the child is registered no longer.</summary>
    public bool Release(IDisposable child)
    {
        lock (gate)
            return children.Remove(child);
    }

    /// <summary>False when the device is lost.</summary>
    public bool WaitIdle() => Vk.DeviceWaitIdle(Device) == Result.Success;

    public void DestroyDevice() => Vk.DestroyDevice(Device, null);

    public bool Holds(IDisposable child)
    {
        lock (gate)
            return children.Contains(child);
    }

    /// <summary>Closes the register and hands over what is left in it.</summary>
    public IReadOnlyList<IDisposable> Close()
    {
        lock (gate)
        {
            Closed = true;
            return [.. children];
        }
    }

    /// <summary>Gives a Vulkan object a name that validation messages and debuggers show.</summary>
    public void Name(ObjectType type, ulong handle, string name)
    {
        if (Instance.DebugUtils is not { } debugUtils || name.Length == 0)
            return;
        fixed (byte* text = Encoding.UTF8.GetBytes(name + '\0'))
        {
            var info = new DebugUtilsObjectNameInfoEXT
            {
                SType = StructureType.DebugUtilsObjectNameInfoExt,
                ObjectType = type,
                ObjectHandle = handle,
                PObjectName = text,
            };
            debugUtils.SetDebugUtilsObjectName(Device, &info).Check("vkSetDebugUtilsObjectNameEXT", name);
        }
    }
}
