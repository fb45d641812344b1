using VkInception.Vulkan;

namespace VkInception.Training;

/// <summary>Compiles a training step, and says what would fit where the device has too little memory.</summary>
internal static class LargestBatch
{
    public static CompiledTraining Compile(Model model, GpuDevice device, TrainingOptions options, IWeightSource initial)
    {
        try
        {
            return model.CompileTraining(device, options, initial);
        }
        catch (VkInceptionException e) when (e.Code is ErrorCode.OutOfDeviceMemory)
        {
            throw new VkInceptionException(e.Code, $"{model.Name}: {Advice(model, device, options)} ({e.Message})", e);
        }
    }

    private static string Advice(Model model, GpuDevice device, TrainingOptions options)
    {
        long needed = Bytes(options);
        long free = Available(device);
        string asked = $"a training step of {options.Batch} images takes {Megabytes(needed)} and {device.Info.Name} has {Megabytes(free)}";
        // The batch that was asked for did not fit, whatever its sum says: memory is also in pieces.
        int fits = options.Batch / 2;
        while (fits > 0 && Bytes(options with { Batch = fits }) > free) fits /= 2;
        string smaller = fits > 0 ? $"a batch of {fits} fits" : "not even one image fits";
        bool recomputing = !options.CheckpointActivations && Bytes(options with { CheckpointActivations = true }) <= free;
        return $"{asked}; {smaller}{(recomputing ? ", or the whole batch with --checkpoint-activations" : "")}";

        long Bytes(TrainingOptions asked) => asked.Batch < 1 ? 0 : model.PlanTraining(device.Info, asked).Bytes;
    }

    private static long Available(GpuDevice device)
    {
        HeapUse heap = device.MemoryUse.Heaps.Where(h => h.DeviceLocal).MaxBy(h => h.SizeBytes)!;
        return heap.AvailableBytes ?? heap.SizeBytes - heap.AllocatedBytes;
    }

    private static string Megabytes(long bytes) => FormattableString.Invariant($"{bytes / 1e6:F0} MB");
}
