namespace VkInception.DeviceTests;

/// <summary>One device to test on, or why there is none: then every test fails with the reason.</summary>
internal sealed record DeviceUnderTest(string Selector, string Name, string? Problem)
{
    /// <summary>What NUnit shows in a fixture's name.</summary>
    public override string ToString() => Name;
}
