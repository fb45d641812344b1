using Silk.NET.Vulkan;
using VkInception.DeviceTests.Faults;
using VkInception.DeviceTests.Training;
using VkInception.DeviceTests.Vulkan;
using VkInception.Graph.Training;
using VkInception.Training;
using VkInception.Vulkan;

namespace VkInception.DeviceTests.Lifetime;

/// <summary>Work in several submissions, each of bounded size: the same bits, and nothing in flight after an error.</summary>
internal sealed class SubmissionTests(DeviceUnderTest target) : DeviceFixture(target)
{
    private static readonly float[] Images = new SeededWeights(5).Uniform("images", 32 * 32);

    [Test]
    public void ARunInManySubmissionsGivesTheSameBits([Values] bool profiled)
    {
        using Model model = Model.Load("lenet5").WithWeights(new SeededWeights(1));
        using CompiledModel whole = model.Compile(Device);
        ulong before = Device.LastSubmission;
        float[] y = whole.Run(Images);
        Assert.That(Device.LastSubmission - before, Is.EqualTo(1), "by default a small network is one submission");

        using GpuDevice device = Open(work: 1);
        using CompiledModel cut = model.Compile(device);
        before = device.LastSubmission;
        Assert.That(cut.Run(Images), Is.EqualTo(y));
        Assert.That(device.LastSubmission - before, Is.EqualTo((ulong)cut.Plan.Steps.Length), "with no work allowed every launch is one");
        if (profiled && device.Info.Timestamps) Assert.That(cut.Profile(), Has.Count.EqualTo(cut.Plan.Steps.Length));
        Assert.That(cut.Run(Images), Is.EqualTo(y));
        Assert.That(device.ValidationMessages, Is.Empty);
    }

    [Test]
    public void ATrainingStepInManySubmissionsGivesTheSameBits([Values(1, 20_000)] long work)
    {
        using GpuDevice device = Open(work);
        (float[] weights, ulong submissions) = Train(Device);
        (float[] cutWeights, ulong cutSubmissions) = Train(device);
        Assert.That(submissions, Is.EqualTo(1));
        Assert.That(cutSubmissions, Is.GreaterThan(3));
        Assert.That(cutWeights, Is.EqualTo(weights));
        Assert.That(device.ValidationMessages, Is.Empty);

        static (float[] Weights, ulong Submissions) Train(GpuDevice on)
        {
            using CompiledTraining training = new SmallNetwork().Compile(on, Optimizer.Parse("sgd:momentum=0.9"));
            ulong before = 0;
            for (uint step = 0; step < 3; step++)
            {
                before = on.LastSubmission;
                training.Run(SmallNetwork.Images, SmallNetwork.Labels, new StepValues { Number = step, LearningRate = 0.05f });
            }
            ulong submissions = on.LastSubmission - before;
            return ([.. training.ReadWeights().OrderBy(w => w.Key.Name, StringComparer.Ordinal).SelectMany(w => w.Value)], submissions);
        }
    }

    [TestCase("vkQueueSubmit2", Result.ErrorOutOfHostMemory)]
    [TestCase("vkWaitSemaphores", Result.ErrorOutOfHostMemory)]
    public void AfterAnErrorInTheMiddleTheNextRunIsRight(string function, Result result)
    {
        int left = -1;
        using var layer = new FaultLayer((name, _) => name == function && left >= 0 && left-- == 0 ? result : null);
        using GpuDevice device = Open(work: 1);
        using Model model = Model.Load("lenet5").WithWeights(new SeededWeights(1));
        using CompiledModel compiled = model.Compile(device);
        float[] other = new SeededWeights(6).Uniform("images", 32 * 32), y = compiled.Run(Images), z = compiled.Run(other);
        for (int round = 0; round < 20; round++)
        {
            left = function == "vkQueueSubmit2" ? compiled.Plan.Steps.Length / 2 : 0;
            Assert.That(() => compiled.Run(Images), Fails(ErrorCode.OutOfHostMemory, function));
            Assert.That(compiled.Run(other), Is.EqualTo(z));
            Assert.That(compiled.Run(Images), Is.EqualTo(y));
        }
        Assert.That(device.ValidationMessages, Is.Empty);
    }

    [Test]
    public void ARecordingThatIsSplitKeepsItsOrder()
    {
        const uint count = 1000;
        SpirvModule module = TestKernels.Load("increment");
        using GpuBuffer x = Device.Allocate(count * 4, MemoryUse.Device, "x");
        using CommandRecorder recorder = Device.Record("split");
        recorder.Timestamp("start");
        recorder.Fill(x, 0, count * 4, 0);
        for (int i = 0; i < 5; i++)
        {
            recorder.Split();
            recorder.Dispatch(Device.GetKernel(module, [], 64), TestKernels.Push(module, ("x", x), ("count", count)), (count + 63) / 64, 1, 1);
            recorder.Timestamp($"part {i}");
        }
        recorder.BeginLabel("open");
        Assert.That(recorder.Split, Fails(ErrorCode.InvalidArgument, "1 labels are still open"));
        recorder.EndLabel();
        using RecordedCommands commands = recorder.End();
        Assert.That((commands.SubmissionCount, commands.DispatchCount), Is.EqualTo((6, 5)));
        for (int round = 0; round < 3; round++)
        {
            ulong before = Device.LastSubmission;
            Assert.That(Device.Submit(commands), Is.EqualTo(before + 6));
            var back = new byte[count * 4];
            Device.Download(x, 0, back);
            Assert.That(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, uint>(back).ToArray(), Is.All.EqualTo(5));
        }
        if (Device.Info.Timestamps) Assert.That(commands.ReadTimestamps().Select(s => s.Label), Is.EqualTo(Enumerable.Range(0, 5).Select(i => $"part {i}")));
    }

    private GpuDevice Open(long work) => GpuDevice.Open(Target.Selector, new DeviceOptions { Validation = true, CacheFolder = "", SubmissionWork = work });
}
