using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Silk.NET.Vulkan;
using VkInception.DeviceTests.Vulkan;

namespace VkInception.DeviceTests.Faults;

/// <summary>
/// Stands between the library and the driver while devices are opened: counts every call, keeps account of every object that is made and destroyed, and lets one call
/// fail. A device whose loss it plays stays lost. Devices have memory that the host does not see, so that copies are made.
/// </summary>
/// <remarks>
/// One delegate of eight machine words serves every function: integers and pointers alone are passed, in registers or on a stack that the caller clears,
/// on every processor that this runs on.
/// </remarks>
internal sealed class FaultLayer : IDisposable
{
    private readonly ConcurrentDictionary<string, Counter> calls = new();
    private readonly ConcurrentDictionary<(string Kind, nint Handle), bool> alive = new();
    private readonly ConcurrentDictionary<nint, nint> deviceOfQueue = new();
    private readonly ConcurrentDictionary<nint, bool> lost = new();
    private readonly ConcurrentBag<Delegate> kept = [];
    private readonly Func<string, int, Result?> fails;
    private int fired;

    /// <summary>One call fails, or none.</summary>
    public FaultLayer(Fault? fault = null)
        : this((name, call) => name == fault?.Function && call == fault.Call ? fault.Result : null)
    {
    }

    /// <summary>Asks for every call, counted from 1, what it shall return; null lets it through.</summary>
    public FaultLayer(Func<string, int, Result?> fails)
    {
        this.fails = fails;
        Vk.Interposer = (name, address) => Wrap(name, address, calls.GetOrAdd(name, _ => new Counter()));
    }

    [UnmanagedFunctionPointer(CallingConvention.Winapi)]
    private delegate nint Call(nint a, nint b, nint c, nint d, nint e, nint f, nint g, nint h);

    /// <summary>How often each function was called.</summary>
    public IReadOnlyDictionary<string, int> Calls => calls.ToDictionary(c => c.Key, c => c.Value.Count);

    /// <summary>Objects that were made and not destroyed.</summary>
    public IReadOnlyList<string> Alive => [.. alive.Keys.Select(k => k.Kind).Order()];

    /// <summary>Whether the call that shall fail was reached.</summary>
    public bool Fired => Volatile.Read(ref fired) != 0;

    /// <summary>From now on the driver's own functions are loaded. Devices that are open still pass through here.</summary>
    public void Dispose() => Vk.Interposer = null;

    private nint Wrap(string name, nint address, Counter counter)
    {
        var real = Marshal.GetDelegateForFunctionPointer<Call>(address);
        Call wrapped = (a, b, c, d, e, f, g, h) =>
        {
            if (fails(name, counter.Next()) is { } result)
            {
                Volatile.Write(ref fired, 1);
                if (result == Result.ErrorDeviceLost) Lose(a);
                return (nint)(int)result;
            }
            if (lost.ContainsKey(DeviceOf(a)) && VulkanFunctions.TellsLoss(name))
            {
                // Here nothing is lost in truth, and what runs must end before the library gives memory back.
                if (name is "vkDeviceWaitIdle" or "vkWaitSemaphores") real(a, b, c, d, e, f, g, h);
                return (nint)(int)Result.ErrorDeviceLost;
            }
            if (name == "vkAllocateMemory") FaultyDriver.TakeFirstType(b);
            nint answer = real(a, b, c, d, e, f, g, h);
            Account(name, (int)answer, a, b, c, d, f);
            return answer;
        };
        kept.Add(wrapped);
        return Marshal.GetFunctionPointerForDelegate(wrapped);
    }

    private void Lose(nint first)
    {
        // A command buffer's device is not known, but then there is only one.
        nint device = alive.ContainsKey(("Device", DeviceOf(first))) ? DeviceOf(first) : alive.Keys.FirstOrDefault(k => k.Kind == "Device" && !lost.ContainsKey(k.Handle)).Handle;
        if (device != 0) lost[device] = true;
    }

    private nint DeviceOf(nint first) => deviceOfQueue.GetValueOrDefault(first, first);

    private void Account(string name, int result, nint a, nint b, nint c, nint d, nint f)
    {
        switch (name)
        {
            case "vkGetPhysicalDeviceMemoryProperties": FaultyDriver.SplitTypes(b); break;
            case "vkGetBufferMemoryRequirements": FaultyDriver.AllowBothTypes(c); break;
            case "vkGetDeviceQueue": deviceOfQueue[Marshal.ReadIntPtr(d)] = a; break;
            case "vkAllocateMemory" when result == 0: Made("Memory", d); break;
            case "vkFreeMemory": Gone("Memory", b); break;
            case "vkCreateInstance" when result == 0: Made("Instance", c); break;
            case "vkDestroyInstance": Gone("Instance", a); break;
            case "vkDestroyDevice": Gone("Device", a); break;
            case "vkCreateComputePipelines" when result == 0: Made("Pipeline", f); break;
            case var _ when name.StartsWith("vkCreate", StringComparison.Ordinal) && result == 0: Made(name["vkCreate".Length..], d); break;
            case var _ when name.StartsWith("vkDestroy", StringComparison.Ordinal): Gone(name["vkDestroy".Length..], b); break;
        }
    }

    private void Made(string kind, nint handle)
    {
        nint made = Marshal.ReadIntPtr(handle);
        alive[(kind, made)] = true;
        // A new device may lie where a lost one was.
        if (kind == "Device") lost.TryRemove(made, out _);
    }

    private void Gone(string kind, nint handle) => alive.TryRemove((kind, handle), out _);

    private sealed class Counter
    {
        private int count;

        public int Count => Volatile.Read(ref count);

        public int Next() => Interlocked.Increment(ref count);
    }
}
