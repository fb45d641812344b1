using Silk.NET.Vulkan;

namespace VkInception.DeviceTests.Faults;

/// <summary>One failure: the n-th call of a function, counted from 1, returns a result.</summary>
internal sealed record Fault(string Function, int Call, Result Result)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Function} call {Call} returns {Result}";
}
