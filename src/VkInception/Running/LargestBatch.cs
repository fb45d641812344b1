using VkInception.Vulkan;

namespace VkInception.Running;

/// <summary>Says what was needed, what there is and what would fit where a plan finds too little device memory.</summary>
internal static class LargestBatch
{
    /// <param name="failure">What the device said.</param>
    /// <param name="device">Too small, or too full.</param>
    /// <param name="work">What was compiled, up to the number of images: "googlenet: a training step".</param>
    /// <param name="batch">Images asked for.</param>
    /// <param name="bytes">Device bytes that it takes with a batch of so many.</param>
    /// <param name="instead">Another way to fit the whole batch, with its bytes; null where there is none.</param>
    public static VkInceptionException Advice(VkInceptionException failure, GpuDevice device, string work, int batch, Func<int, long> bytes, (string Way, long Bytes)? instead)
    {
        long free = Available(device);
        // The batch that was asked for did not fit, whatever its sum says: memory is also in pieces.
        int most = bytes(batch) <= free ? batch / 2 : batch - 1, fits = most;
        while (fits > 0 && bytes(fits) > free) fits /= 2;
        string smaller = fits > 0 ? $"a batch of {Largest(fits, Math.Min(2 * fits + 1, most), bytes, free)} fits" : "not even one image fits";
        string other = instead is { } way && way.Bytes <= free ? $", or the whole batch with {way.Way}" : "";
        string images = batch == 1 ? "1 image" : $"{batch} images";
        return new VkInceptionException(failure.Code, $"{work} of {images} takes {Megabytes(bytes(batch))} and {device.Info.Name} has {Megabytes(free)}; {smaller}{other} ({failure.Message})", failure);
    }

    /// <summary>The largest between one that fits and one that may.</summary>
    private static int Largest(int fits, int most, Func<int, long> bytes, long free)
    {
        while (fits < most)
        {
            int middle = fits + (most - fits + 1) / 2;
            if (bytes(middle) <= free) fits = middle;
            else most = middle - 1;
        }
        return fits;
    }

    private static long Available(GpuDevice device)
    {
        HeapUse heap = device.MemoryUse.Heaps.Where(h => h.DeviceLocal).MaxBy(h => h.SizeBytes) ?? device.MemoryUse.Heaps.MaxBy(h => h.SizeBytes)!;
        return heap.AvailableBytes ?? heap.SizeBytes - heap.AllocatedBytes;
    }

    private static string Megabytes(long bytes) => FormattableString.Invariant($"{bytes / 1e6:F0} MB");
}
