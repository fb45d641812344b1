using Silk.NET.Vulkan;

namespace VkInception.DeviceTests.Faults;

/// <summary>How one failure ended.</summary>
internal sealed record FaultOutcome(string Program, string Function, Result Result, string Ending)
{
    public const string Error = "error";
    public const string Recovered = "recovered";
    public const string NotReached = "not reached";
}
