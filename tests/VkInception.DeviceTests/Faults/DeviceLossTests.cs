using Silk.NET.Vulkan;
using VkInception.Training;
using VkInception.Vulkan;

namespace VkInception.DeviceTests.Faults;

/// <summary>A device is lost: what runs says so and goes on with another, what trains goes on by itself.</summary>
internal sealed class DeviceLossTests(DeviceUnderTest target) : DeviceFixture(target)
{
    private string folder = "";

    [SetUp]
    public void MakeFolder() => folder = Directory.CreateTempSubdirectory("vkinception-loss-").FullName;

    [TearDown]
    public void RemoveFolder() => Directory.Delete(folder, recursive: true);

    [OneTimeSetUp]
    public void BeImpatient() => DeviceRecovery.Patience = [TimeSpan.Zero, TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(2)];

    [Test]
    public void AModelSaysThatItMustBeCompiledAnewAndThenGivesTheSame()
    {
        bool lose = false;
        using var layer = new FaultLayer((name, _) => lose && name == "vkWaitSemaphores" ? Result.ErrorDeviceLost : null);
        float[] x = new SeededWeights(5).Uniform("images", 32 * 32);
        using Model model = Model.Load("lenet5").WithWeights(new SeededWeights(1));
        using GpuDevice device = OpenAnew();
        using CompiledModel compiled = model.Compile(device);
        float[] y = compiled.Run(x);
        Assert.That(device.IsLost, Is.False);
        lose = true;
        Assert.That(() => compiled.Run(x), Fails(ErrorCode.DeviceLost, "open the device anew and compile the model again"));
        Assert.That(device.IsLost, Is.True);
        lose = false;
        Assert.That(() => compiled.Run(x), Fails(ErrorCode.DeviceLost, "VK_ERROR_DEVICE_LOST"), "it stays lost");

        using GpuDevice anew = device.Reopen();
        Assert.That((anew.Info.Uuid, anew.IsLost), Is.EqualTo((device.Info.Uuid, false)));
        using CompiledModel again = model.Compile(anew);
        compiled.Dispose();
        device.Dispose();
        Assert.That(again.Run(x), Is.EqualTo(y));
        Assert.That(device.ValidationMessages.Concat(anew.ValidationMessages), Is.Empty);
    }

    [Test]
    public void MemoryOfALostDeviceGoesBackAtOnce()
    {
        bool lose = false;
        using var layer = new FaultLayer((name, _) => lose && name == "vkQueueSubmit2" ? Result.ErrorDeviceLost : null);
        using GpuDevice device = OpenAnew();
        long before = device.MemoryUse.UsedBytes;
        using Model model = Model.Load("lenet5").WithWeights(new SeededWeights(1));
        using (CompiledModel compiled = model.Compile(device))
        {
            compiled.Run(new float[32 * 32]);
            lose = true;
            Assert.That(() => compiled.Run(new float[32 * 32]), Fails(ErrorCode.DeviceLost, "lenet5"));
        }
        Assert.That(device.MemoryUse.UsedBytes - before, Is.LessThan(1 << 20), "only staging is left");
    }

    [TestCase(1)]
    [TestCase(3)]
    public void TrainingGoesOnWithANewDeviceAndEndsInTheSameBits(int times)
    {
        byte[] whole = new TrainingRun(Target.Selector, "", NewFolder()).Run();
        int submissions = 0, losses = 0;
        using var layer = new FaultLayer((name, _) =>
            // Every device is lost at its twentieth submission, so often.
            name == "vkQueueSubmit2" && ++submissions % 20 == 0 && losses < times && ++losses > 0 ? Result.ErrorDeviceLost : null);
        var run = new TrainingRun(Target.Selector, "", NewFolder());
        Assert.That(run.Run().AsSpan().SequenceEqual(whole), Is.True);
        Assert.That(losses, Is.EqualTo(times));
        Assert.That(run.Notices, Has.Count.EqualTo(times).And.All.Contains("the device was lost at step").And.All.Contains("training goes on from"));
        Assert.That(layer.Alive, Is.Empty);
        Assert.That(run.Messages, Is.Empty);
    }

    [Test]
    public void ADeviceThatIsLostAgainAndAgainAtOneStepEndsTheRunAndNoCheckpointIsLost()
    {
        byte[] whole = new TrainingRun(Target.Selector, "", NewFolder()).Run();
        string at = NewFolder();
        int steps = 0;
        var run = new TrainingRun(Target.Selector, "", at);
        using (var layer = new FaultLayer((name, _) => name == "vkQueueSubmit2" && run.LastStep >= 3 && ++steps > 0 ? Result.ErrorDeviceLost : null))
        {
            Assert.That(() => run.Run(), Fails(ErrorCode.DeviceLost, "step 4: ", "it was lost 4 times here; the last good checkpoint is", "checkpoint-000000002"));
            Assert.That(layer.Alive, Is.Empty);
        }
        var resumed = new TrainingRun(Target.Selector, "", at);
        Assert.That(resumed.Run(resume: true).AsSpan().SequenceEqual(whole), Is.True);
    }

    [Test]
    public void ADeviceThatDoesNotComeBackEndsTheRun()
    {
        string at = NewFolder();
        var run = new TrainingRun(Target.Selector, "", at);
        bool gone = false;
        using var layer = new FaultLayer((name, _) => (name, run.LastStep) switch
        {
            ("vkQueueSubmit2", >= 4) when !gone => Lose(),
            ("vkCreateDevice", _) when gone => Result.ErrorInitializationFailed,
            _ => null,
        });
        Assert.That(() => run.Run(), Fails(ErrorCode.VulkanCallFailed, "step 5: the device was lost, and training cannot go on: vkCreateDevice", "the last good checkpoint is"));
        Assert.That(layer.Alive, Is.Empty);

        Result Lose()
        {
            gone = true;
            return Result.ErrorDeviceLost;
        }
    }

    private string NewFolder() => Directory.CreateDirectory(Path.Combine(folder, Guid.NewGuid().ToString("N"))).FullName;
}
