using VkInception.Vulkan;

namespace VkInception.DeviceTests;

/// <summary>Runs a fixture on every Vulkan device of this machine that can be used, with validation, synchronization validation and best practices on; a test that makes the layer speak fails.</summary>
[TestFixtureSource(typeof(DevicesUnderTest), nameof(DevicesUnderTest.Indices))]
internal abstract class DeviceFixture(DeviceUnderTest target)
{
    private int messagesBefore;

    /// <summary>The device, shared by all fixtures: opening one takes longer than most tests.</summary>
    protected GpuDevice Device => DevicesUnderTest.Open(Target);

    protected DeviceUnderTest Target { get; } = target;

    [SetUp]
    public void OpenDevice() => messagesBefore = Device.ValidationMessages.Count;

    [TearDown]
    public void ExpectSilence() =>
        Assert.That(Device.ValidationMessages.Skip(messagesBefore), Is.Empty, "the validation layer spoke");

    /// <summary>A device of the test's own, with validation, for tests of opening and tear-down.</summary>
    protected GpuDevice OpenAnew(string? cacheFolder = "") =>
        GpuDevice.Open(Target.Selector, new DeviceOptions { Validation = true, CacheFolder = cacheFolder });

    /// <summary>The library's exception with this code, and all this in its one line.</summary>
    internal static NUnit.Framework.Constraints.IResolveConstraint Fails(ErrorCode code, params string[] inMessage)
    {
        NUnit.Framework.Constraints.Constraint error = Is.TypeOf<VkInceptionException>().And.Property(nameof(VkInceptionException.Code)).EqualTo(code).And.Message.Not.Contains("\n");
        return new NUnit.Framework.Constraints.ThrowsConstraint(inMessage.Aggregate(error, (all, text) => all & Has.Message.Contains(text)));
    }
}
