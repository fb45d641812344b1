using Silk.NET.Vulkan;

namespace VkInception.Vulkan;

/// <summary>The timestamps of one recording: query pools taken as needed, reset by the recording itself so that it can be submitted again.</summary>
internal sealed unsafe class TimestampRecorder(DeviceContext context)
{
    private const uint PoolSize = 256;
    private readonly List<QueryPool> pools = [];
    private readonly List<string> labels = [];

    public void Write(CommandBuffer commands, string label)
    {
        if (!context.Candidate.Info.Timestamps)
            return;
        uint query = (uint)labels.Count % PoolSize;
        if (query == 0)
        {
            var info = new QueryPoolCreateInfo { SType = StructureType.QueryPoolCreateInfo, QueryType = QueryType.Timestamp, QueryCount = PoolSize };
            QueryPool created;
            context.Vk.CreateQueryPool(context.Device, &info, null, &created).Check("vkCreateQueryPool");
            pools.Add(created);
            context.Vk.CmdResetQueryPool(commands, created, 0, PoolSize);
        }
        context.Synchronization.WriteTimestamp(commands, pools[^1], query);
        labels.Add(label);
    }

    /// <summary>Milliseconds between neighbours, under the label of the later. The recording must have run.</summary>
    public IReadOnlyList<(string Label, double Milliseconds)> Read()
    {
        if (labels.Count < 2)
            return [];
        var ticks = new ulong[pools.Count * (int)PoolSize];
        fixed (ulong* first = ticks)
        {
            for (int i = 0; i < pools.Count; i++)
            {
                uint count = Math.Min(PoolSize, (uint)labels.Count - (uint)i * PoolSize);
                context.Vk.GetQueryPoolResults(context.Device, pools[i], 0, count, count * sizeof(ulong), first + i * PoolSize, sizeof(ulong),
                    QueryResultFlags.Result64Bit | QueryResultFlags.WaitBit).Check("vkGetQueryPoolResults");
            }
        }
        uint bits = context.Candidate.TimestampValidBits;
        ulong mask = bits >= 64 ? ulong.MaxValue : (1ul << (int)bits) - 1;
        double period = context.Candidate.TimestampPeriod * 1e-6;
        var spans = new (string, double)[labels.Count - 1];
        // The counter may wrap within its valid bits.
        for (int i = 0; i < spans.Length; i++)
            spans[i] = (labels[i + 1], (unchecked(ticks[i + 1] - ticks[i]) & mask) * period);
        return spans;
    }

    public void Destroy()
    {
        foreach (QueryPool pool in pools)
            context.Vk.DestroyQueryPool(context.Device, pool, null);
        pools.Clear();
        labels.Clear();
    }
}
