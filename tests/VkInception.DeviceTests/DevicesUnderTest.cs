using VkInception.Vulkan;

namespace VkInception.DeviceTests;

/// <summary>The devices that the suite runs on, each opened once.</summary>
[SetUpFixture]
internal sealed class DevicesUnderTest
{
    private static readonly Dictionary<string, GpuDevice> Opened = [];

    public static IEnumerable<DeviceUnderTest> Indices { get; } = Find();

    public static GpuDevice Open(DeviceUnderTest target)
    {
        if (target.Problem is not null)
            Assert.Fail(target.Problem);
        if (!Opened.TryGetValue(target.Selector, out GpuDevice? device))
        {
            device = GpuDevice.Open(target.Selector, new DeviceOptions { Validation = true, CacheFolder = "" });
            if (!device.ValidatesSynchronization)
            {
                device.Dispose();
                Assert.Fail("the validation layer does not report missing barriers (it lacks VK_EXT_validation_features), so its silence says nothing; install a newer one (Debian: vulkan-validationlayers)");
            }
            Opened.Add(target.Selector, device);
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
                .Select(info => new DeviceUnderTest($"{info.Index}", $"{info.Name}, {info.DriverName}", null))];
            return usable.Count > 0 ? usable : [Nothing("no Vulkan device can be used; install a driver (Debian: mesa-vulkan-drivers has a software one)")];
        }
        catch (VkInceptionException e)
        {
            return [Nothing(e.Message)];
        }
    }

    private static DeviceUnderTest Nothing(string problem) => new("", "no device", problem);
}
