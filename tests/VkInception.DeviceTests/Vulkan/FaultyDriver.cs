using System.Runtime.InteropServices;
using Silk.NET.Vulkan;

namespace VkInception.DeviceTests.Vulkan;

/// <summary>Stands between the library and the driver while devices are opened: replaces named Vulkan functions.</summary>
internal sealed class FaultyDriver : IDisposable
{
    // The driver's table holds bare addresses; the delegates behind them must stay.
    private static readonly List<Delegate> Kept = [];
    private readonly HashSet<string> removed = [];
    private readonly Dictionary<string, Func<nint, Delegate>> replacements = [];

    public FaultyDriver() => Vk.Interposer = (name, address) =>
    {
        if (removed.Contains(name))
            return 0;
        if (!replacements.TryGetValue(name, out Func<nint, Delegate>? make))
            return address;
        Delegate replacement = make(address);
        lock (Kept)
            Kept.Add(replacement);
        return Marshal.GetFunctionPointerForDelegate(replacement);
    };

    public delegate Result OneHandle(nint handle);
    public delegate Result Submit(nint queue, uint count, nint submits, ulong fence);
    public delegate Result AllocateMemory(nint device, nint info, nint allocator, nint memory);
    public delegate Result Enumerate(nint instance, nint count, nint devices);
    public delegate Result Create(nint first, nint info, nint result);
    public delegate void Query(nint device, nint result);
    public delegate void QueryMany(nint device, nint count, nint result);
    public delegate Result CreateObject(nint device, nint info, nint allocator, nint created);
    public delegate Result CacheData(nint device, ulong cache, nint size, nint data);
    public delegate void Destroy(nint handle, nint allocator);
    public delegate void Requirements(nint device, ulong buffer, nint result);

    /// <summary>Calls of <paramref name="name"/> go to what <paramref name="make"/> makes around the driver's own function.</summary>
    public FaultyDriver Replace<T>(string name, Func<T, T> make)
        where T : Delegate
    {
        replacements[name] = address => make(Marshal.GetDelegateForFunctionPointer<T>(address));
        return this;
    }

    /// <summary>The driver has no such function.</summary>
    public FaultyDriver Remove(string name)
    {
        removed.Add(name);
        return this;
    }

    /// <summary>Changes the 32-bit words that a query fills in.</summary>
    public FaultyDriver Alter(string name, Action<nint> alter) => Replace<Query>(name, real => (device, result) =>
    {
        real(device, result);
        alter(result);
    });

    public void Dispose() => Vk.Interposer = null;
}
