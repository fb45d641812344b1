using VkInception.Vulkan;

namespace VkInception.DeviceTests.Vulkan;

/// <summary>The free list alone; no device.</summary>
internal sealed class RangeAllocatorTests
{
    [Test]
    public void Ranges_are_aligned_apart_and_merge_again([Range(1, 20)] int seed)
    {
        const long capacity = 1 << 20;
        var ranges = new RangeAllocator(capacity);
        var random = new Random(seed);
        var live = new List<(long Offset, long Size)>();
        for (int step = 0; step < 1500; step++)
        {
            if (live.Count > 0 && random.Next(2) == 0)
            {
                int victim = random.Next(live.Count);
                ranges.Free(live[victim].Offset, live[victim].Size);
                live.RemoveAt(victim);
                continue;
            }
            long size = random.Next(1, 20_000), alignment = 1L << random.Next(0, 10);
            if (ranges.Allocate(size, alignment) is not { } offset)
                continue;
            Assert.That(offset % alignment, Is.Zero);
            Assert.That(offset >= 0 && offset + size <= capacity && !live.Any(r => offset < r.Offset + r.Size && r.Offset < offset + size), Is.True, $"{offset}+{size}");
            live.Add((offset, size));
            Assert.That(ranges.FreeBytes, Is.EqualTo(capacity - live.Sum(r => r.Size)));
        }
        foreach ((long offset, long size) in live)
            ranges.Free(offset, size);
        Assert.That(ranges.IsEmpty, Is.True);
        Assert.That(ranges.Allocate(capacity, 1), Is.EqualTo(0));
        Assert.That(ranges.Allocate(1, 1), Is.Null);
    }

    [Test]
    public void A_range_is_not_taken_back_twice()
    {
        var ranges = new RangeAllocator(100);
        long offset = ranges.Allocate(40, 1)!.Value;
        ranges.Free(offset, 40);
        Assert.That(() => ranges.Free(offset, 40), Throws.InvalidOperationException);
    }
}
