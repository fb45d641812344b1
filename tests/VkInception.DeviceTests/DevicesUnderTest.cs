using VkInception.Vulkan;

namespace VkInception.DeviceTests;

/// <summary>The devices that the suite runs on, each opened once.</summary>
[SetUpFixture]
internal sealed class DevicesUnderTest
{
    private static readonly Dictionary<DeviceUnderTest, GpuDevice> Opened = [];

    public static IEnumerable<DeviceUnderTest> Indices { get; } = Find();

    /// <summary>All, and the software devices once more, which then pretend to be discrete GPUs: for tests of kernels that processors have others for.</summary>
    public static IEnumerable<DeviceUnderTest> AlsoAsDiscreteGpus { get; } = [.. Indices, .. Indices.Where(d => d.IsProcessor).Select(d => d with { AsDiscreteGpu = true })];

    public static GpuDevice Open(DeviceUnderTest target)
    {
        if (target.Problem is not null)
            Assert.Fail(target.Problem);
        if (!Opened.TryGetValue(target, out GpuDevice? device))
        {
            using DiscreteGpuPretence? pretence = target.AsDiscreteGpu ? new DiscreteGpuPretence() : null;
            device = GpuDevice.Open(target.Selector, new DeviceOptions { Validation = true, CacheFolder = "" });
            if (!device.ValidatesSynchronization)
            {
                device.Dispose();
                Assert.Fail("the validation layer does not report missing barriers (it lacks VK_EXT_validation_features), so its silence says nothing; install a newer one (Debian: vulkan-validationlayers)");
            }
            if (target.AsDiscreteGpu)
                Assert.That(device.Info.Type, Is.EqualTo(DeviceType.DiscreteGpu), "pretends in vain");
            Opened.Add(target, device);
        }
        return device;
    }

    [OneTimeTearDown]
    public void CloseAll()
    {
        foreach (GpuDevice device in Opened.Values)
        {
            int before = device.ValidationMessages.Count;
            device.Dispose();
            Assert.That(device.ValidationMessages.Skip(before), Is.Empty, "the validation layer spoke at tear-down");
        }
        Opened.Clear();
    }

    private static List<DeviceUnderTest> Find()
    {
        try
        {
            List<DeviceUnderTest> usable = [.. GpuDevice.List().Where(info => info.Unsuitable is null)
                .Select(info => new DeviceUnderTest($"{info.Index}", $"{info.Name}, {info.DriverName}", null) { IsProcessor = info.Type == DeviceType.Cpu })];
            return usable.Count > 0 ? usable : [Nothing("no Vulkan device can be used; install a driver (Debian: mesa-vulkan-drivers has a software one)")];
        }
        catch (VkInceptionException e)
        {
            return [Nothing(e.Message)];
        }
    }

    private static DeviceUnderTest Nothing(string problem) => new("", "no device", problem);
}
