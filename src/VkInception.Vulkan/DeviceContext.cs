using System.Text;
using Silk.NET.Vulkan;

namespace VkInception.Vulkan;

/// <summary>The handles that every part of the device layer shares, and the register of what must go before the device does.</summary>
internal sealed unsafe class DeviceContext
{
    private readonly Lock gate = new();
    private readonly HashSet<IDeviceChild> children = [];
    private int users;
    private int holds;
    private bool closing;
    private volatile bool closed;
    private volatile bool lost;

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
    public bool Closed => closed;
    /// <summary>Set by the first call that says so, for good: nothing runs on a lost device.</summary>
    public bool Lost => lost;

    public void MarkLost() => lost = true;

    /// <summary>Begins a call: the device is not torn down before it has ended.</summary>
    /// <exception cref="ObjectDisposedException">The device is disposed, or about to be and nothing holds it.</exception>
    public DeviceUse Enter()
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(closed || (closing && holds == 0), typeof(GpuDevice));
            users++;
        }
        return new DeviceUse(this);
    }

    public void Leave()
    {
        lock (gate)
            users--;
    }

    /// <summary>Keeps the device open over several calls. None is granted once somebody disposes the device, so that the end comes.</summary>
    /// <exception cref="ObjectDisposedException">The device is disposed, or about to be.</exception>
    public DeviceHold Hold()
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(closing, typeof(GpuDevice));
            holds++;
        }
        return new DeviceHold(this);
    }

    public void EndHold()
    {
        lock (gate)
            holds--;
    }

    /// <summary>Registers something that must be disposed before the device.</summary>
    public void Adopt(IDeviceChild child)
    {
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(closed, typeof(GpuDevice));
            children.Add(child);
        }
    }

    /// <summary>True for the one caller that may destroy the child, which is registered no longer; <see cref="Leave"/> ends it. False once the device is torn down.</summary>
    public bool TryRelease(IDeviceChild child)
    {
        lock (gate)
        {
            if (closed || !children.Remove(child))
                return false;
            users++;
            return true;
        }
    }

    public bool Holds(IDeviceChild child)
    {
        lock (gate)
            return children.Contains(child);
    }

    /// <summary>False when the device is lost.</summary>
    public bool WaitIdle() => Vk.DeviceWaitIdle(Device) == Result.Success;

    public void DestroyDevice() => Vk.DestroyDevice(Device, null);

    /// <summary>Waits for holds and calls in progress, then closes the register and hands over what is left in it.</summary>
    public IReadOnlyList<IDeviceChild> Close()
    {
        lock (gate)
            closing = true;
        IReadOnlyList<IDeviceChild>? left = null;
        SpinWait.SpinUntil(() => (left = TryClose()) is not null);
        return left!;
    }

    private IReadOnlyList<IDeviceChild>? TryClose()
    {
        lock (gate)
        {
            if (holds > 0 || users > 0)
                return null;
            closed = true;
            IReadOnlyList<IDeviceChild> left = [.. children];
            children.Clear();
            return left;
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
            // For the reader of a message only: an object without its name works as well.
            _ = debugUtils.SetDebugUtilsObjectName(Device, &info);
        }
    }
}
