using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NUnit.Framework;
using Silk.NET.Vulkan;
using Silk.NET.Vulkan.Extensions.EXT;

namespace VkInception.Tests.Vulkan;

[TestFixture, NonParallelizable]
public sealed class BindingLoaderTests
{
    private delegate Result Enumerate(nint instance, nint count, nint devices);

    [TearDown]
    public void Restore()
    {
        Environment.SetEnvironmentVariable(VulkanLoader.PathVariable, null);
        Vk.Interposer = null;
    }

    [Test]
    public void MakesAnInstanceAndReadsEveryDevice()
    {
        Vk vk = OpenOrIgnore();
        uint version = 0;
        Assert.That(vk.EnumerateInstanceVersion(ref version), Is.EqualTo(Result.Success));
        Assert.That(version, Is.GreaterThanOrEqualTo((uint)Vk.Version11));
        Instance instance = CreateInstance(vk);
        foreach (PhysicalDevice device in Devices(vk, instance))
        {
            vk.GetPhysicalDeviceProperties(device, out PhysicalDeviceProperties properties);
            vk.GetPhysicalDeviceProperties2(device, out PhysicalDeviceProperties2 chained);
            Assert.That(chained.SType, Is.EqualTo(StructureType.PhysicalDeviceProperties2));
            Assert.That(chained.Properties.Limits.NonCoherentAtomSize, Is.EqualTo(properties.Limits.NonCoherentAtomSize).And.GreaterThan(0));
            Assert.That(properties.Limits.MaxPushConstantsSize, Is.GreaterThanOrEqualTo(128));
            vk.GetPhysicalDeviceMemoryProperties(device, out PhysicalDeviceMemoryProperties memory);
            Assert.That(memory.MemoryTypeCount, Is.InRange(1, Vk.MaxMemoryTypes));
            Assert.That(memory.MemoryHeaps[0].Size, Is.GreaterThan(0));
        }
        Assert.That(vk.TryGetInstanceExtension(instance, out ExtDebugUtils _), Is.False, "the instance was made without VK_EXT_debug_utils");
        DestroyInstance(vk, instance);
    }

    [Test]
    public void SaysWhatToDoWhereNoLoaderIs()
    {
        Environment.SetEnvironmentVariable(VulkanLoader.PathVariable, Path.Combine(TestContext.CurrentContext.WorkDirectory, "no-such-loader"));
        VkInceptionException error = Assert.Throws<VkInceptionException>(() => Vk.GetApi())!;
        Assert.That(error.Code, Is.EqualTo(ErrorCode.NoVulkanLoader));
        Assert.That(error.Message, Does.Contain("no-such-loader").And.Contain(VulkanLoader.PathVariable).And.Not.Contain("\n"));
    }

    [Test]
    public void EveryFunctionPassesTheInterposer()
    {
        OpenOrIgnore();
        var seen = new List<string>();
        Enumerate failing = (_, _, _) => Result.ErrorOutOfHostMemory;
        Vk.Interposer = (name, address) =>
        {
            seen.Add(name);
            return name == "vkEnumeratePhysicalDevices" ? Marshal.GetFunctionPointerForDelegate(failing) : address;
        };
        Vk vk = Vk.GetApi();
        Instance instance = CreateInstance(vk);
        Assert.That(Call(vk, nameof(vk.EnumeratePhysicalDevices), instance, (nint)1, (nint)0), Is.EqualTo(Result.ErrorOutOfHostMemory));
        DestroyInstance(vk, instance);
        Assert.That(seen, Is.EqualTo(new[] { "vkCreateInstance", "vkEnumeratePhysicalDevices", "vkDestroyInstance" }));
        GC.KeepAlive(failing);
    }

    [Test]
    public void NamesAFunctionThatIsMissing()
    {
        OpenOrIgnore();
        Vk.Interposer = (name, address) => name == "vkEnumerateInstanceVersion" ? 0 : address;
        Vk vk = Vk.GetApi();
        uint version = 0;
        VkInceptionException error = Assert.Throws<VkInceptionException>(() => vk.EnumerateInstanceVersion(ref version))!;
        Assert.That(error.Code, Is.EqualTo(ErrorCode.DeviceUnsuitable));
        Assert.That(error.Message, Does.StartWith("vkEnumerateInstanceVersion:"));
    }

    private static Vk OpenOrIgnore()
    {
        try
        {
            return Vk.GetApi();
        }
        catch (VkInceptionException e) when (e.Code == ErrorCode.NoVulkanLoader)
        {
            Assert.Ignore(e.Message);
            throw;
        }
    }

    private static Instance CreateInstance(Vk vk)
    {
        nint info = Marshal.AllocHGlobal(Unsafe.SizeOf<InstanceCreateInfo>());
        nint handle = Marshal.AllocHGlobal(nint.Size);
        try
        {
            Marshal.StructureToPtr(new InstanceCreateInfo(), info, fDeleteOld: false);
            Assert.That(Call(vk, nameof(vk.CreateInstance), info, (nint)0, handle), Is.EqualTo(Result.Success));
            var instance = new Instance(Marshal.ReadIntPtr(handle));
            Assert.That(vk.CurrentInstance?.Handle, Is.EqualTo(instance.Handle).And.Not.Zero);
            return instance;
        }
        finally
        {
            Marshal.FreeHGlobal(info);
            Marshal.FreeHGlobal(handle);
        }
    }

    private static void DestroyInstance(Vk vk, Instance instance) => Call(vk, nameof(vk.DestroyInstance), instance, (nint)0);

    private static PhysicalDevice[] Devices(Vk vk, Instance instance)
    {
        const int Most = 64;
        nint block = Marshal.AllocHGlobal((Most + 1) * nint.Size);
        try
        {
            Marshal.WriteInt32(block, Most);
            Assert.That(Call(vk, nameof(vk.EnumeratePhysicalDevices), instance, block, block + nint.Size), Is.EqualTo(Result.Success));
            return [.. Enumerable.Range(1, Marshal.ReadInt32(block)).Select(i => new PhysicalDevice(Marshal.ReadIntPtr(block, i * nint.Size)))];
        }
        finally
        {
            Marshal.FreeHGlobal(block);
        }
    }

    // Tests are safe code, so commands that take pointers are called by reflection, the overload of pointers alone.
    private static object? Call(Vk vk, string command, params object[] arguments)
    {
        MethodInfo method = typeof(Vk).GetMethods().Single(m => m.Name == command && !m.GetParameters().Any(p => p.ParameterType.IsByRef));
        return method.Invoke(vk, arguments);
    }
}
