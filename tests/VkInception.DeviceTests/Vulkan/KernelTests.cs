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

    [Test]
    public void The_same_kernel_is_made_once()
    {
        SpirvModule module = TestKernels.Load("scale");
        long before = Device.PipelinesCreated;
        ComputeKernel first = Device.GetKernel(module, [KernelConstant.Of("offset", 2.5f), KernelConstant.Of("doubled", false)], 48);
        ComputeKernel second = Device.GetKernel(TestKernels.Load("scale"), [KernelConstant.Of("doubled", false), KernelConstant.Of("offset", 2.5f)], 48);
        Assert.That(second, Is.SameAs(first));
        Assert.That(Device.PipelinesCreated, Is.EqualTo(before + 1));
        Assert.That(Device.GetKernel(module, [KernelConstant.Of("offset", 2.5f)], 47), Is.Not.SameAs(first));
    }

    [Test]
    public void Several_threads_asking_get_one_kernel()
    {
        SpirvModule module = TestKernels.Load("scale");
        var kernels = new ComputeKernel[16];
        Parallel.For(0, 16, i => kernels[i] = Device.GetKernel(module, [KernelConstant.Of("offset", 77f)], 16));
        Assert.That(kernels.Distinct().Count(), Is.EqualTo(1));
    }

    [Test]
    public void Workgroup_and_subgroup_are_what_was_asked_for()
    {
        SpirvModule module = TestKernels.Load("identity");
        uint subgroup = Device.Info.MaxSubgroupSize, localSize = subgroup * 4;
        ComputeKernel kernel = Device.GetKernel(module, [], localSize, subgroup);
        using GpuBuffer y = Device.Allocate(localSize * 16, MemoryUse.Device, "facts");
        using CommandRecorder recorder = Device.Record("identity");
        recorder.Dispatch(kernel, TestKernels.Push(module, ("y", y)), 1, 1, 1);
        using RecordedCommands commands = recorder.End();
        Device.Submit(commands);
        var facts = new uint[localSize * 4];
        Device.Download(y, 0, MemoryMarshal.AsBytes(facts.AsSpan()));
        for (uint i = 0; i < localSize; i++)
            Assert.That(facts[(int)(i * 4)..(int)(i * 4 + 4)], Is.EqualTo(new[] { localSize, subgroup, i % subgroup, subgroup }));
    }

    [Test]
    public void What_a_kernel_cannot_be_is_said()
    {
        SpirvModule module = TestKernels.Load("scale");
        Assert.That(() => Device.GetKernel(module, [KernelConstant.Of("ofset", 1f)], 64), Fails(ErrorCode.ShaderFailed, "'ofset'; it has offset, doubled"));
        Assert.That(() => Device.GetKernel(module, [KernelConstant.Of("offset", 1f), KernelConstant.Of("offset", 2f)], 64), Fails(ErrorCode.ShaderFailed, "twice"));
        Assert.That(() => Device.GetKernel(module, [], 0), Fails(ErrorCode.DeviceUnsuitable, "workgroup"));
        Assert.That(() => Device.GetKernel(module, [], Device.Info.MaxWorkgroupInvocations + 1), Fails(ErrorCode.DeviceUnsuitable, "workgroup"));
        Assert.That(() => Device.GetKernel(module, [], 64, 3), Fails(ErrorCode.DeviceUnsuitable, "subgroup of 3"));
        if (Device.Info.Int64)
            Assert.That(() => Device.GetKernel(TestKernels.Load("fixed_size"), [], 64), Fails(ErrorCode.ShaderFailed, "fixes it to 32"));
    }

    [Test]
    public void A_capability_that_is_not_enabled_is_named_before_the_driver_sees_it()
    {
        byte[] bytes = TestKernels.Bytes("scale");
        // OpCapability stands right behind the header of five words; 5116 is BFloat16TypeKHR.
        Assert.That(BitConverter.ToUInt32(bytes, 20), Is.EqualTo(0x00020011));
        BitConverter.TryWriteBytes(bytes.AsSpan(24), 5116u);
        Assert.That(() => Device.GetKernel(SpirvModule.Load(bytes, "odd"), [], 64), Fails(ErrorCode.DeviceUnsuitable, "BFloat16TypeKHR"));
    }
}
