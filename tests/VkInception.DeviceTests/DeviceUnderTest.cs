namespace VkInception.DeviceTests;

/// <summary>One device to test on, or why there is none: then every test fails with the reason.</summary>
/// <param name="Selector">As <c>GpuDevice.Open</c> takes it.</param>
/// <param name="Name">Device and driver.</param>
/// <param name="Problem">Why there is none.</param>
/// <param name="AsDiscreteGpu">Whether it pretends to be a discrete GPU.</param>
internal sealed record DeviceUnderTest(string Selector, string Name, string? Problem, bool AsDiscreteGpu = false)
{
    /// <summary>Whether it is a software device.</summary>
    public bool IsProcessor { get; init; }

    /// <summary>What NUnit shows in a fixture's name.</summary>
    public override string ToString() => AsDiscreteGpu ? $"{Name}, as a discrete GPU" : Name;
}
