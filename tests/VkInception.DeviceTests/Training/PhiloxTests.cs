using System.Runtime.InteropServices;
using VkInception.DeviceTests.Vulkan;
using VkInception.Vulkan;

namespace VkInception.DeviceTests.Training;

/// <summary>The device's generator gives the host's bits.</summary>
internal sealed class PhiloxTests(DeviceUnderTest target) : DeviceFixture(target)
{
    private const int Count = 1000;

    [TestCase(0u, 0u, 0u, 0u, 0u, 0u)]
    [TestCase(0xFFFFFFFFu, 0xFFFFFFFFu, 0xFFFFFC00u, 0xFFFFFFFFu, 0xFFFFFFFFu, 0xFFFFFFFFu)]
    [TestCase(0xA4093822u, 0x299F31D0u, 0x243F6A88u, 0x85A308D3u, 0x13198A2Eu, 0x03707344u)]
    public void Words_AreThoseOfTheHost(uint keyLow, uint keyHigh, uint first, uint second, uint third, uint fourth)
    {
        SpirvModule module = TestKernels.Load("philox_words");
        var found = new uint[8 * Count];
        using GpuBuffer y = Device.Allocate(found.Length * sizeof(uint), MemoryUse.Device, "words");
        using CommandRecorder recorder = Device.Record("philox");
        recorder.Dispatch(
            Device.GetKernel(module, [], 64),
            TestKernels.Push(module, ("y", y), ("count", (uint)Count), ("keyLow", keyLow), ("keyHigh", keyHigh), ("first", first), ("second", second), ("third", third), ("fourth", fourth)),
            (Count + 63) / 64, 1, 1);
        using RecordedCommands commands = recorder.End();
        Device.Wait(Device.Submit(commands));
        Device.Download(y, 0, MemoryMarshal.AsBytes(found.AsSpan()));

        var expected = new List<uint>();
        for (uint i = 0; i < Count; i++)
        {
            (uint a, uint b, uint c, uint d) = Philox.Block((keyLow, keyHigh), (first + i, second, third, fourth));
            expected.AddRange([a, b, c, d]);
            expected.AddRange([.. new[] { a, b, c, d }.Select(w => BitConverter.SingleToUInt32Bits(Philox.Uniform(w)))]);
        }
        Assert.That(found, Is.EqualTo(expected));
    }
}
