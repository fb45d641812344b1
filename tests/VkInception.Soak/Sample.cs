using System.Diagnostics;
using System.Globalization;
using VkInception.Vulkan;

namespace VkInception.Soak;

/// <summary>What the process holds after so many rounds.</summary>
/// <param name="Rounds">Rounds done.</param>
/// <param name="ResidentBytes">Memory of the process that lies in RAM, the driver's and the runtime's included.</param>
/// <param name="ManagedBytes">Objects of .NET that are in use, counted after a full collection.</param>
/// <param name="DeviceBytes">What the device's allocator holds; 0 between devices.</param>
/// <param name="Handles">Open file handles.</param>
/// <param name="Threads">Threads, the driver's included.</param>
public sealed record Sample(int Rounds, long ResidentBytes, long ManagedBytes, long DeviceBytes, int Handles, int Threads)
{
    /// <summary>Reads everything now.</summary>
    public static Sample Take(int rounds, GpuDevice? device)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        long managed = GC.GetTotalMemory(forceFullCollection: true);
        using var process = Process.GetCurrentProcess();
        return new Sample(rounds, Resident(process), managed, device?.MemoryUse.AllocatedBytes ?? 0, Handle(process), process.Threads.Count);
    }

    /// <summary>Mapped files count too where the system does not tell them apart.</summary>
    private static long Resident(Process process)
    {
        const string own = "/proc/self/status";
        if (!File.Exists(own)) return process.WorkingSet64;
        string line = File.ReadLines(own).First(l => l.StartsWith("RssAnon:", StringComparison.Ordinal));
        return long.Parse(line["RssAnon:".Length..^"kB".Length].Trim(), CultureInfo.InvariantCulture) * 1024;
    }

    private static int Handle(Process process)
    {
        const string own = "/proc/self/fd";
        return Directory.Exists(own) ? Directory.GetFileSystemEntries(own).Length : process.HandleCount;
    }
}
