using Silk.NET.Vulkan;
using VkInception.Graph.Training;
using VkInception.Training;
using VkInception.Vulkan;

namespace VkInception.DeviceTests.Faults;

/// <summary>Too little memory for a plan: the message says what would fit, and nothing half-built stays behind.</summary>
internal sealed class OutOfMemoryTests(DeviceUnderTest target) : DeviceFixture(target)
{
    /// <summary>What the device keeps to copy through, at most.</summary>
    private const int StagingBuffers = 8;

    [Test]
    public void AnInferenceThatDoesNotFitSaysWhatWould()
    {
        const int batch = 64;
        bool full = false;
        using var layer = new FaultLayer((name, _) => full && name == "vkAllocateMemory" ? Result.ErrorOutOfDeviceMemory : null);
        using GpuDevice device = OpenAnew();
        using Model model = Model.Load("lenet5").WithWeights(new SeededWeights(1));
        full = true;
        Assert.That(() => model.Compile(device, new CompileOptions { Batch = batch }),
            Fails(ErrorCode.OutOfDeviceMemory, "lenet5: running a batch of 64 images takes ", "; a batch of 32 fits", "no memory for buffer"));
        Assert.That(() => model.Compile(device), Fails(ErrorCode.OutOfDeviceMemory, "1 image takes ", "not even one image fits"));
        full = false;
        using CompiledModel compiled = model.Compile(device, new CompileOptions { Batch = batch });
        Assert.That(compiled.Run(new float[batch * 32 * 32]), Has.All.Matches<float>(float.IsFinite), "the device serves once there is memory");
    }

    [TestCase(false)]
    [TestCase(true)]
    public void NothingHalfBuiltStaysBehind(bool training)
    {
        int allowed = 0, taken = 0;
        using var layer = new FaultLayer((name, _) => name == "vkAllocateMemory" && ++taken > allowed ? Result.ErrorOutOfDeviceMemory : null);
        using GpuDevice device = OpenAnew();
        using Model model = Model.Load("lenet5").WithWeights(new SeededWeights(1));
        int failures = 0;
        for (allowed = 0; allowed < 5; allowed++)
        {
            // A single buffer that stays behind each time is more than the staging in the end.
            for (int round = 0; round <= StagingBuffers; round++)
            {
                if (Fails()) failures++;
            }
            device.Wait(device.LastSubmission);
            Assert.That(device.MemoryUse.BufferCount, Is.LessThanOrEqualTo(StagingBuffers), $"after {allowed} allocations");
            Assert.That(layer.Alive.Count(kind => kind is "CommandPool" or "QueryPool"), Is.LessThanOrEqualTo(StagingBuffers), $"after {allowed} allocations");
        }
        Assert.That(failures, Is.GreaterThan(StagingBuffers));

        IDisposable Compile() => training
            ? model.CompileTraining(device, new TrainingOptions { Batch = 256, Optimizer = Optimizer.Parse("sgd") })
            : model.Compile(device, new CompileOptions { Batch = 256 });

        bool Fails()
        {
            taken = 0;
            try
            {
                Compile().Dispose();
                return false;
            }
            catch (VkInceptionException e) when (e.Code == ErrorCode.OutOfDeviceMemory)
            {
                return true;
            }
        }
    }
}
