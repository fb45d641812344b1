using Silk.NET.Vulkan;
using VkInception.Vulkan;

namespace VkInception.DeviceTests.Vulkan;

/// <summary>Choice of memory types on devices of every make; no device.</summary>
internal sealed class MemoryTypesTests
{
    private const MemoryPropertyFlags Local = MemoryPropertyFlags.DeviceLocalBit;
    private const MemoryPropertyFlags Mapped = MemoryPropertyFlags.HostVisibleBit | MemoryPropertyFlags.HostCoherentBit;
    private const MemoryPropertyFlags Cached = MemoryPropertyFlags.HostCachedBit;
    private const uint All = uint.MaxValue;

    private static readonly MemoryPropertyFlags[] Discrete = [0, Local, Mapped, Mapped | Cached, Local | Mapped];
    private static readonly MemoryPropertyFlags[] Software = [Local | Mapped | Cached];
    private static readonly MemoryPropertyFlags[] Integrated = [Local, Local | Mapped | Cached, Local | Mapped];

    [Test]
    public void A_discrete_card_keeps_its_small_window_for_last()
    {
        Assert.That(MemoryTypes.For(MemoryUse.Device, Discrete, All, unified: false), Is.EqualTo(new[] { 1, 4 }));
        Assert.That(MemoryTypes.For(MemoryUse.Upload, Discrete, All, unified: false), Is.EqualTo(new[] { 2, 3, 4 }));
        Assert.That(MemoryTypes.For(MemoryUse.Readback, Discrete, All, unified: false), Is.EqualTo(new[] { 3, 2, 4 }));
    }

    [Test]
    public void Where_all_of_the_memory_is_mapped_the_host_writes_directly()
    {
        Assert.That(MemoryTypes.For(MemoryUse.Device, Discrete, All, unified: true), Is.EqualTo(new[] { 4, 1 }));
        Assert.That(MemoryTypes.For(MemoryUse.Device, Integrated, All, unified: true), Is.EqualTo(new[] { 2, 1, 0 }));
        Assert.That(MemoryTypes.For(MemoryUse.Readback, Integrated, All, unified: true), Is.EqualTo(new[] { 1, 2 }));
    }

    [Test]
    public void One_type_serves_everything([Values] MemoryUse use) =>
        Assert.That(MemoryTypes.For(use, Software, All, unified: true), Is.EqualTo(new[] { 0 }));

    [Test]
    public void Types_that_the_buffer_cannot_use_or_with_rules_of_their_own_are_left_out()
    {
        Assert.That(MemoryTypes.For(MemoryUse.Device, Discrete, 1 << 4, unified: false), Is.EqualTo(new[] { 4 }));
        const MemoryPropertyFlags uncachedByAmd = (MemoryPropertyFlags)0x80;
        Assert.That(MemoryTypes.For(MemoryUse.Device, [Local | MemoryPropertyFlags.ProtectedBit, Local | uncachedByAmd, Local | MemoryPropertyFlags.LazilyAllocatedBit], All, unified: false), Is.Empty);
        Assert.That(MemoryTypes.For(MemoryUse.Upload, [MemoryPropertyFlags.HostVisibleBit | Cached], All, unified: false), Is.Empty, "not coherent");
    }
}
