using Silk.NET.Vulkan;
using VkInception.Vulkan;

namespace VkInception.DeviceTests.Vulkan;

/// <summary>What a VkResult becomes; no device.</summary>
internal sealed class VulkanCallTests
{
    [TestCase(Result.ErrorOutOfHostMemory, ErrorCode.OutOfHostMemory, "VK_ERROR_OUT_OF_HOST_MEMORY")]
    [TestCase(Result.ErrorOutOfDeviceMemory, ErrorCode.OutOfDeviceMemory, "VK_ERROR_OUT_OF_DEVICE_MEMORY")]
    [TestCase(Result.ErrorDeviceLost, ErrorCode.DeviceLost, "VK_ERROR_DEVICE_LOST")]
    [TestCase(Result.ErrorFeatureNotPresent, ErrorCode.DeviceUnsuitable, "VK_ERROR_FEATURE_NOT_PRESENT")]
    [TestCase(Result.ErrorUnknown, ErrorCode.VulkanCallFailed, "VK_ERROR_UNKNOWN")]
    [TestCase((Result)(-1_000_999_999), ErrorCode.VulkanCallFailed, "VkResult -1000999999")]
    public void A_failure_names_the_call_the_result_and_what_to_do(Result result, ErrorCode code, string name)
    {
        Assert.That(() => result.Check("vkSomething", "a purpose"), DeviceFixture.Fails(code, $"vkSomething (a purpose) returned {name}: "));
        Assert.That(() => result.Check("vkSomething"), DeviceFixture.Fails(code, $"vkSomething returned {name}: "));
    }

    [TestCase(Result.Success), TestCase(Result.Timeout), TestCase(Result.Incomplete)]
    public void What_is_no_failure_passes_through(Result result) =>
        Assert.That(result.Check("vkSomething"), Is.EqualTo(result));

    [Test]
    public void The_cache_lies_where_the_variable_or_the_system_says()
    {
        string? before = Environment.GetEnvironmentVariable(CacheFolder.Variable), xdg = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
        try
        {
            Environment.SetEnvironmentVariable(CacheFolder.Variable, null);
            Assert.That(Path.GetFileName(CacheFolder.Default), Is.EqualTo("vkinception"));
            if (OperatingSystem.IsLinux())
            {
                Environment.SetEnvironmentVariable("XDG_CACHE_HOME", "/somewhere");
                Assert.That(CacheFolder.Default, Is.EqualTo("/somewhere/vkinception"));
                Environment.SetEnvironmentVariable("XDG_CACHE_HOME", "relative");
                Assert.That(CacheFolder.Default, Does.EndWith("/.cache/vkinception"), "a relative one is to be ignored");
            }
            Environment.SetEnvironmentVariable(CacheFolder.Variable, "here");
            Assert.That(CacheFolder.Default, Is.EqualTo(Path.GetFullPath("here")));
        }
        finally
        {
            Environment.SetEnvironmentVariable(CacheFolder.Variable, before);
            Environment.SetEnvironmentVariable("XDG_CACHE_HOME", xdg);
        }
    }
}
