namespace VkInception.Kernels;

/// <summary>How work is cut into tiles, and how many of them a device needs.</summary>
internal static class Tiling
{
    /// <summary>Every device takes at least this many workgroups in one direction; the kernels stride over the rest.</summary>
    private const int MaxGroups = 65535;

    /// <summary>Subgroups at work at once, in order of magnitude: a core runs one; a GPU needs several per core to hide the latency of memory.</summary>
    private const double SubgroupsOfProcessor = 4, SubgroupsOfGpu = 512;

    /// <summary>Workgroups for each core of a processor: enough that none waits long for the last.</summary>
    private const int GroupsOfCore = 8;

    /// <summary>Rounds of loops that one invocation may make on a processor: lavapipe up to 22.3 ends all loops of an invocation after 65,535 rounds together; loops around a tile's own are allowed for.</summary>
    private const long MostRounds = 1 << 14;

    /// <summary>Subgroups that fill the device.</summary>
    public static double Resident(DeviceTraits device) => device.IsProcessor ? SubgroupsOfProcessor : SubgroupsOfGpu;

    /// <summary>How often the device is filled by so many subgroups; fewer than fill it take as long as those that do.</summary>
    public static double Rounds(long subgroups, DeviceTraits device) => Math.Max(1, subgroups / Resident(device));

    /// <summary>How many times longer a kernel of loops over arrays takes where they are compiled as written: measured 5 to 7.</summary>
    public static double LoopsOverArrays(DeviceTraits device) => device.CompilesAsWritten ? 6 : 1;

    /// <summary>Workgroups for so many tiles.</summary>
    public static int Groups(long tiles) => (int)Math.Clamp(tiles, 1, MaxGroups);

    /// <summary>Workgroups for a grid of tiles, that one dimension after the other is strided over.</summary>
    /// <remarks>
    /// A software driver takes some two microseconds to begin a workgroup, as long as ten thousand multiply-adds: so a processor gets a
    /// few for each core, as alike as can be, and each takes several tiles.
    /// </remarks>
    /// <param name="device">The device's features and limits.</param>
    /// <param name="x">Tiles in one direction.</param>
    /// <param name="y">Tiles in the other.</param>
    /// <param name="depth">Products behind one sum of a tile: as many rounds of a loop at most.</param>
    /// <param name="z">Workgroups in the third, which strides over nothing.</param>
    public static (int X, int Y) Grid(DeviceTraits device, long x, long y, long depth, long z = 1)
    {
        if (!device.IsProcessor) return (Groups(x), Groups(y));
        long enough = Math.Max((long)GroupsOfCore * device.Cores, Tiles(x * y * z * depth, MostRounds));
        long alongX = Even(x, Tiles(enough, y * z));
        return (Groups(alongX), Groups(Even(y, Tiles(enough, alongX * z))));

        static long Even(long tiles, long groups) => groups >= tiles ? tiles : Tiles(tiles, Tiles(tiles, groups));
    }

    /// <summary><paramref name="count"/> in units of <paramref name="size"/>, rounded up.</summary>
    public static long Tiles(long count, long size) => (count + size - 1) / size;

    /// <summary>Lanes of a workgroup of a kernel that does not need whole subgroups, each lane taking one of <paramref name="columns"/>.</summary>
    public static int PlainLanes(DeviceTraits device, int columns)
    {
        const int largest = 64;
        int lanes = Math.Min(device.SubgroupSize, device.MaxWorkgroupInvocations);
        int most = Math.Min(largest, device.MaxWorkgroupInvocations);
        while (lanes * 2 <= most && lanes < columns && !device.IsProcessor) lanes *= 2;
        return lanes;
    }
}
