using System.Runtime.InteropServices;
using VkInception.Vulkan;

namespace VkInception.DeviceTests.Vulkan;

internal sealed class KernelTests(DeviceUnderTest target) : DeviceFixture(target)
{
    [TestCase(1u, 64u), TestCase(1000u, 64u), TestCase(4097u, 128u), TestCase(100_003u, 32u)]
    public void A_kernel_computes_what_its_push_and_specialization_constants_say(uint count, uint localSize)
    {
        SpirvModule module = TestKernels.Load("scale");
        float[] input = [.. Enumerable.Range(0, (int)count).Select(i => i * 0.25f - 7)];
        using GpuBuffer x = Device.Allocate(count * 4, MemoryUse.Device, "x");
        using GpuBuffer y = Device.Allocate(count * 4, MemoryUse.Device, "y");
        Device.Upload(x, 0, MemoryMarshal.AsBytes<float>(input));
        ComputeKernel kernel = Device.GetKernel(module, [KernelConstant.Of("offset", 1.5f), KernelConstant.Of("doubled", true)], localSize);

        using CommandRecorder recorder = Device.Record("scale");
        recorder.Dispatch(kernel, TestKernels.Push(module, ("x", x), ("y", y), ("count", count), ("factor", 3f)), (count + localSize - 1) / localSize, 1, 1);
        using RecordedCommands commands = recorder.End();
        Device.Wait(Device.Submit(commands));

        var output = new float[count];
        Device.Download(y, 0, MemoryMarshal.AsBytes(output.AsSpan()));
        Assert.That(output, Is.EqualTo(input.Select(v => v * 3 + v * 3 + 1.5f)));
        Assert.That(kernel.LocalSize, Is.EqualTo(localSize));
    }
}
