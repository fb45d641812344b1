using System.Runtime.InteropServices;
using Silk.NET.Vulkan;

namespace VkInception.DeviceTests.Vulkan;

/// <summary>Stands between the library and the driver while devices are opened: replaces named Vulkan functions.</summary>
internal sealed class FaultyDriver : IDisposable
{
    // VkPhysicalDeviceMemoryProperties: type count, 32 types of 8 bytes, heap count.
    private const int FirstType = 4, SecondType = 12;
    private const int LocalBit = 1, MappedBits = 2 | 4 | 8;

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

    /// <summary>Plays a card with memory of its own: what the device uses most, the host does not see.</summary>
    public void SplitMemory()
    {
        Alter("vkGetPhysicalDeviceMemoryProperties", SplitTypes);
        Replace<Requirements>("vkGetBufferMemoryRequirements", real => (device, buffer, result) =>
        {
            real(device, buffer, result);
            AllowBothTypes(result);
        });
        Replace<AllocateMemory>("vkAllocateMemory", real => (device, info, allocator, memory) =>
        {
            TakeFirstType(info);
            return real(device, info, allocator, memory);
        });
    }

    /// <summary>Makes two types of the driver's first, in what <c>vkGetPhysicalDeviceMemoryProperties</c> filled in: one that is the device's, one that is mapped.</summary>
    public static void SplitTypes(nint properties)
    {
        int heap = Marshal.ReadInt32(properties, FirstType + 4);
        Marshal.WriteInt32(properties, 2);
        Marshal.WriteInt32(properties, FirstType, LocalBit);
        Marshal.WriteInt32(properties, SecondType, MappedBits);
        Marshal.WriteInt32(properties, SecondType + 4, heap);
    }

    /// <summary>VkMemoryRequirements: size, alignment, type bits.</summary>
    public static void AllowBothTypes(nint requirements) => Marshal.WriteInt32(requirements, 16, 3);

    /// <summary>Both are the driver's one type. VkMemoryAllocateInfo: type, next, size, index.</summary>
    public static void TakeFirstType(nint info) => Marshal.WriteInt32(info, 24, 0);
}
