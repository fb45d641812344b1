using VkInception.Vulkan;

namespace VkInception.DeviceTests.Vulkan;

/// <summary>Choice among made-up devices; no driver is asked.</summary>
internal sealed class DeviceChoiceTests
{
    private static readonly DeviceCandidate Software = Make("llvmpipe", DeviceType.Cpu, memoryGiB: 64, uuid: 1, driver: 13);
    private static readonly DeviceCandidate Integrated = Make("Intel UHD 770", DeviceType.IntegratedGpu, memoryGiB: 32, uuid: 2, driver: 6);
    private static readonly DeviceCandidate Small = Make("GeForce GT 1030", DeviceType.DiscreteGpu, memoryGiB: 2, uuid: 3, driver: 4);
    private static readonly DeviceCandidate Big = Make("GeForce RTX 4090", DeviceType.DiscreteGpu, memoryGiB: 24, uuid: 4, driver: 4);
    private static readonly DeviceCandidate Virtual = Make("Virtio GPU Venus", DeviceType.VirtualGpu, memoryGiB: 8, uuid: 5, driver: 22);

    [Test]
    public void Auto_prefers_discrete_then_integrated_then_virtual_then_software_then_memory()
    {
        Assert.That(Chosen(Software, Integrated, Virtual, Small, Big), Is.EqualTo("GeForce RTX 4090"));
        Assert.That(Chosen(Software, Virtual, Integrated), Is.EqualTo("Intel UHD 770"));
        Assert.That(Chosen(Software, Virtual), Is.EqualTo("Virtio GPU Venus"));
        Assert.That(Chosen(Software), Is.EqualTo("llvmpipe"));
    }

    [Test]
    public void Every_device_says_why_it_is_taken_or_not()
    {
        DeviceCandidate old = Unsuitable(Make("GeForce 8800", DeviceType.DiscreteGpu, 1, 9, 4), "it lacks bufferDeviceAddress");
        IReadOnlyList<DeviceCandidate> all = DeviceChoice.Arrange([Integrated, Small, Big, old]);
        Assert.That(all.Select(d => d.Info.Index), Is.EqualTo(new[] { 0, 1, 2, 3 }));
        Assert.That(all.Select(d => d.Info.Selected), Is.EqualTo(new[] { false, false, true, false }));
        Assert.That(all[0].Info.SelectionReason, Is.EqualTo("not taken: GeForce RTX 4090 is a discrete GPU, which goes before an integrated GPU"));
        Assert.That(all[1].Info.SelectionReason, Does.Contain("of the same kind"));
        Assert.That(all[2].Info.SelectionReason, Does.StartWith("auto takes it"));
        Assert.That(all[3].Info.SelectionReason, Is.EqualTo("cannot be used: it lacks bufferDeviceAddress"));
    }

    [Test]
    public void One_device_under_two_drivers_is_shown_once_with_the_better_driver()
    {
        DeviceCandidate radv = Make("RX 7900", DeviceType.DiscreteGpu, 20, uuid: 7, driver: 3, device: 0x744c);
        DeviceCandidate amdvlk = Make("RX 7900 (AMDVLK)", DeviceType.DiscreteGpu, 20, uuid: 7, driver: 2, device: 0x744c);
        DeviceCandidate dozen = Make("RX 7900 (Direct3D12)", DeviceType.DiscreteGpu, 20, uuid: 8, driver: 24, device: 0x744c);
        foreach (DeviceCandidate[] order in new[] { new[] { radv, amdvlk }, [amdvlk, radv] })
            Assert.That(DeviceChoice.Arrange(order).Single().Info.Name, Is.EqualTo("RX 7900"));
        Assert.That(DeviceChoice.Arrange([dozen with { Luid = "ab" }, amdvlk with { Luid = "ab" }]).Single().Info.Name, Is.EqualTo("RX 7900 (AMDVLK)"));
        Assert.That(DeviceChoice.Arrange([dozen with { PciAddress = "0000:03:00.0" }, radv with { PciAddress = "0000:03:00.0" }]).Single().Info.Name, Is.EqualTo("RX 7900"));
        Assert.That(DeviceChoice.Arrange([Unsuitable(radv, "old"), amdvlk]).Single().Info.Name, Is.EqualTo("RX 7900 (AMDVLK)"));
    }

    [Test]
    public void Two_cards_of_one_kind_stay_two()
    {
        DeviceCandidate first = Make("H100", DeviceType.DiscreteGpu, 80, uuid: 20, driver: 4) with { PciAddress = "0000:01:00.0" };
        DeviceCandidate second = Make("H100", DeviceType.DiscreteGpu, 80, uuid: 21, driver: 4) with { PciAddress = "0000:02:00.0" };
        IReadOnlyList<DeviceCandidate> both = DeviceChoice.Arrange([first, second]);
        Assert.That(both, Has.Count.EqualTo(2));
        Assert.That(both[0].Info.Selected, Is.True);
        Assert.That(() => DeviceChoice.Select(both, "h100"), DeviceFixture.Fails(ErrorCode.UnknownDevice, "several devices"));
        Assert.That(DeviceChoice.Select(both, both[1].Info.Uuid).Info.Index, Is.EqualTo(1));
    }

    [Test]
    public void A_selector_is_an_index_a_name_or_a_uuid()
    {
        IReadOnlyList<DeviceCandidate> all = DeviceChoice.Arrange([Integrated, Small, Big]);
        foreach (string selector in new[] { "2", "rtx", "GeForce RTX 4090", "4090", " 4090 ", "auto", "", " AUTO ", all[2].Info.Uuid, all[2].Info.Uuid.ToUpperInvariant() })
            Assert.That(DeviceChoice.Select(all, selector).Info.Name, Is.EqualTo("GeForce RTX 4090"), selector);
        foreach (string selector in new[] { "3", "-1", "1080", "99999999999", "radeon", Guid.NewGuid().ToString() })
            Assert.That(() => DeviceChoice.Select(all, selector), DeviceFixture.Fails(ErrorCode.UnknownDevice, "0 = Intel UHD 770"), selector);
        Assert.That(() => DeviceChoice.Select(all, "geforce"), DeviceFixture.Fails(ErrorCode.UnknownDevice, "several devices"));
    }

    [Test]
    public void A_number_that_is_no_index_is_a_whole_word_of_one_name()
    {
        IReadOnlyList<DeviceCandidate> twins = DeviceChoice.Arrange([Big, Make("Radeon 4090", DeviceType.DiscreteGpu, 8, 6, 3)]);
        Assert.That(() => DeviceChoice.Select(twins, "4090"), DeviceFixture.Fails(ErrorCode.UnknownDevice, "several devices"));
        Assert.That(() => DeviceChoice.Select(twins, "409"), DeviceFixture.Fails(ErrorCode.UnknownDevice, "no device 409"));
        Assert.That(DeviceChoice.Select(twins, "1").Info.Name, Is.EqualTo("Radeon 4090"), "an index goes first");
    }

    [Test]
    public void What_cannot_be_used_is_refused_with_the_reason()
    {
        DeviceCandidate old = Unsuitable(Small, "it lacks bufferDeviceAddress");
        IReadOnlyList<DeviceCandidate> all = DeviceChoice.Arrange([old]);
        Assert.That(() => DeviceChoice.Select(all, "0"), DeviceFixture.Fails(ErrorCode.DeviceUnsuitable, "bufferDeviceAddress"));
        Assert.That(() => DeviceChoice.Select(all, "auto"), DeviceFixture.Fails(ErrorCode.DeviceUnsuitable, "bufferDeviceAddress"));
        Assert.That(() => DeviceChoice.Arrange([]), DeviceFixture.Fails(ErrorCode.NoDevice, "no device"));
    }

    [Test]
    public void Missing_features_are_named_all_at_once()
    {
        DeviceCandidate bare = Small with { ApiVersion = Silk.NET.Vulkan.Vk.Version12 };
        Assert.That(DeviceRequirements.Missing(bare), Does.Contain("bufferDeviceAddress").And.Contain("timelineSemaphore").And.Contain("synchronization2").And.Contain("a compute queue"));
        Assert.That(DeviceRequirements.Missing(Small with { ApiVersion = Silk.NET.Vulkan.Vk.Version11 }), Does.Contain("Vulkan 1.2"));
    }

    private static string Chosen(params DeviceCandidate[] devices) =>
        DeviceChoice.Select(DeviceChoice.Arrange(devices), "auto").Info.Name;

    private static DeviceCandidate Unsuitable(DeviceCandidate device, string reason) =>
        device with { Info = device.Info with { Unsuitable = reason } };

    private static DeviceCandidate Make(string name, DeviceType type, int memoryGiB, byte uuid, int driver, uint device = 1) => new()
    {
        DriverId = driver,
        Features = new DeviceFeatures(),
        Info = new DeviceInfo
        {
            Index = 0,
            Name = name,
            Type = type,
            Uuid = new Guid(uuid, 0, 0, new byte[8]).ToString(),
            DriverName = "driver",
            DriverVersion = "1",
            ApiVersion = "1.3.0",
            VendorId = 0x1002,
            DeviceId = device,
            MemoryBytes = (ulong)memoryGiB << 30,
            SubgroupSize = 32,
            MinSubgroupSize = 32,
            MaxSubgroupSize = 32,
            MaxWorkgroupInvocations = 1024,
            SharedMemoryBytes = 32768,
        },
    };
}
