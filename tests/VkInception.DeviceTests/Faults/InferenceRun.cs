using VkInception.Vulkan;

namespace VkInception.DeviceTests.Faults;

/// <summary>A small program that uses a device from opening to disposal: compiles LeNet-5, runs it, measures it.</summary>
internal sealed class InferenceRun(string selector, string cacheFolder)
{
    private const int Batch = 2;
    private static readonly float[] Images = new SeededWeights(5).Uniform("images", Batch * 32 * 32);

    /// <summary>What the validation layer said, to the end of the device.</summary>
    public IReadOnlyList<string> Messages { get; private set; } = [];

    /// <summary>The outputs of all runs.</summary>
    public float[] Run()
    {
        GpuDevice device = GpuDevice.Open(selector, new DeviceOptions { Validation = true, CacheFolder = cacheFolder });
        try
        {
            using Model model = Model.Load("lenet5").WithWeights(new SeededWeights(1));
            using CompiledModel compiled = model.Compile(device, new CompileOptions { Batch = Batch });
            float[] first = compiled.Run(Images), second = compiled.RunAsync(Images).GetAwaiter().GetResult();
            compiled.Profile();
            device.SavePipelineCache();
            return [.. first, .. second, .. compiled.Run(Images)];
        }
        finally
        {
            device.Dispose();
            Messages = device.ValidationMessages;
        }
    }
}
