using VkInception.Vulkan;

namespace VkInception.DeviceTests.Vulkan;

internal sealed class SelectionTests(DeviceUnderTest target) : DeviceFixture(target)
{
    [Test]
    public void The_list_describes_the_device()
    {
        DeviceInfo info = GpuDevice.List()[int.Parse(Target.Selector)];
        Assert.That(info, Is.EqualTo(Device.Info with { CooperativeMatrices = info.CooperativeMatrices }));
        Assert.That(info.CooperativeMatrices, Is.EqualTo(Device.Info.CooperativeMatrices));
        Assert.That(info.Name, Is.Not.Empty);
        Assert.That(info.DriverVersion, Is.Not.Empty);
        Assert.That(info.MemoryBytes, Is.GreaterThan(1ul << 20));
        Assert.That(info.SubgroupSize, Is.InRange(info.MinSubgroupSize, info.MaxSubgroupSize));
        Assert.That(info.MaxWorkgroupInvocations, Is.GreaterThanOrEqualTo(128));
        Assert.That(info.SharedMemoryBytes, Is.GreaterThanOrEqualTo(16384));
        Assert.That(info.ApiVersion, Does.Match(@"^1\.[2-9]\.\d+$"));
        Assert.That(GpuDevice.List().Count(d => d.Selected), Is.EqualTo(1));
    }

    [Test]
    public void A_device_opens_by_its_uuid()
    {
        using GpuDevice device = GpuDevice.Open(Device.Info.Uuid, new DeviceOptions { CacheFolder = "" });
        Assert.That(device.Info.Uuid, Is.EqualTo(Device.Info.Uuid));
        Assert.That(device.ValidationMessages, Is.Empty);
    }

    [Test]
    public void The_variable_chooses_where_auto_is_asked_for()
    {
        string? before = Environment.GetEnvironmentVariable(GpuDevice.SelectorVariable);
        try
        {
            Environment.SetEnvironmentVariable(GpuDevice.SelectorVariable, "no such device");
            Assert.That(() => GpuDevice.Open(), Fails(ErrorCode.UnknownDevice, "'no such device'"));
            using GpuDevice device = OpenAnew();
            Assert.That(device.Info.Index, Is.EqualTo(Device.Info.Index), "a selector beats the variable");
        }
        finally
        {
            Environment.SetEnvironmentVariable(GpuDevice.SelectorVariable, before);
        }
    }
}
