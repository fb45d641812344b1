namespace VkInception.Vulkan;

/// <summary>Which devices are shown, in which order, and which one <c>auto</c> or a selector means. Knows no Vulkan calls.</summary>
internal static class DeviceChoice
{
    // Most wanted first where two drivers show one device: VkDriverId of native drivers before translated ones.
    // NVIDIA's own, NVIDIA via Mesa; Mesa RADV, AMD open source, AMD proprietary; Intel on Windows, Intel via Mesa.
    private static readonly int[] PreferredDrivers = [4, 3, 2, 1, 5, 6, 23];
    // Layered over another interface: Venus, Dozen (Direct3D 12).
    private static readonly int[] LayeredDrivers = [22, 24];

    /// <summary>One entry per device, indexed, with the one that <c>auto</c> takes marked and the reason with each.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.NoDevice"/> where none was found.</exception>
    public static IReadOnlyList<DeviceCandidate> Arrange(IReadOnlyList<DeviceCandidate> found)
    {
        if (found.Count == 0)
            throw new VkInceptionException(ErrorCode.NoDevice, "the Vulkan loader found no device: install the GPU's Vulkan driver, or a software one (Debian: mesa-vulkan-drivers)");
        var kept = new List<DeviceCandidate>();
        foreach (DeviceCandidate candidate in found)
        {
            int same = kept.FindIndex(other => IsSameDevice(other, candidate));
            if (same < 0)
                kept.Add(candidate);
            else if (IsBetterDriver(candidate, kept[same]))
                kept[same] = candidate;
        }

        DeviceCandidate? best = kept.Where(c => c.Info.Unsuitable is null)
            .OrderBy(c => c.Info.Type).ThenByDescending(c => c.Info.MemoryBytes).FirstOrDefault();
        return [.. kept.Select((candidate, index) => candidate with
        {
            Info = candidate.Info with
            {
                Index = index,
                Selected = ReferenceEquals(candidate, best),
                SelectionReason = Reason(candidate, best, kept),
            },
        })];
    }

    /// <summary>The device that a selector means.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.UnknownDevice"/> or <see cref="ErrorCode.DeviceUnsuitable"/>.</exception>
    public static DeviceCandidate Select(IReadOnlyList<DeviceCandidate> devices, string selector)
    {
        string wanted = selector.Trim();
        if (wanted.Length == 0 || wanted.Equals("auto", StringComparison.OrdinalIgnoreCase))
        {
            return devices.FirstOrDefault(d => d.Info.Selected)
                ?? throw new VkInceptionException(ErrorCode.DeviceUnsuitable, $"no device can be used: {string.Join("; ", devices.Select(d => $"{d.Info.Name}: {d.Info.Unsuitable}"))}");
        }

        DeviceCandidate device = Find(devices, wanted);
        return device.Info.Unsuitable is null
            ? device
            : throw new VkInceptionException(ErrorCode.DeviceUnsuitable, $"device {device.Info.Index} ({device.Info.Name}) cannot be used: {device.Info.Unsuitable}");
    }

    private static DeviceCandidate Find(IReadOnlyList<DeviceCandidate> devices, string wanted)
    {
        if (int.TryParse(wanted, System.Globalization.NumberStyles.AllowLeadingSign, System.Globalization.CultureInfo.InvariantCulture, out int index))
        {
            // A number that is no index may still be a card's: 4090, but not the 3 of GT 1030.
            return index >= 0 && index < devices.Count ? devices[index]
                : Only([.. devices.Where(d => d.Info.Name.Split(' ').Contains(wanted))], devices, wanted, $"no device {index}");
        }
        if (Guid.TryParse(wanted, out Guid uuid) && devices.FirstOrDefault(d => d.Info.Uuid == uuid.ToString()) is { } byUuid)
            return byUuid;
        List<DeviceCandidate> exact = [.. devices.Where(d => d.Info.Name.Equals(wanted, StringComparison.OrdinalIgnoreCase))];
        List<DeviceCandidate> named = exact.Count > 0 ? exact : [.. devices.Where(d => d.Info.Name.Contains(wanted, StringComparison.OrdinalIgnoreCase))];
        return Only(named, devices, wanted, $"no device is called '{wanted}'");
    }

    private static DeviceCandidate Only(List<DeviceCandidate> named, IReadOnlyList<DeviceCandidate> devices, string wanted, string none) => named.Count switch
    {
        1 => named[0],
        0 => throw new VkInceptionException(ErrorCode.UnknownDevice, $"{none}: there is {Listing(devices)}"),
        _ => throw new VkInceptionException(ErrorCode.UnknownDevice, $"'{wanted}' fits several devices, choose by index or UUID: {Listing(named)}"),
    };

    private static string Listing(IEnumerable<DeviceCandidate> devices) =>
        string.Join(", ", devices.Select(d => $"{d.Info.Index} = {d.Info.Name} ({d.Info.Uuid})"));

    private static bool IsSameDevice(DeviceCandidate a, DeviceCandidate b)
    {
        if (a.Info.Type == DeviceType.Cpu != (b.Info.Type == DeviceType.Cpu))
            return false;
        bool uuidKnown = a.Info.Uuid != Guid.Empty.ToString();
        if (uuidKnown && a.Info.Uuid == b.Info.Uuid)
            return true;
        if (a.Info.VendorId != b.Info.VendorId || a.Info.DeviceId != b.Info.DeviceId)
            return false;
        return (a.Luid is not null && a.Luid == b.Luid) || (a.PciAddress is not null && a.PciAddress == b.PciAddress);
    }

    private static bool IsBetterDriver(DeviceCandidate a, DeviceCandidate b)
    {
        int suitable = (a.Info.Unsuitable is null).CompareTo(b.Info.Unsuitable is null);
        if (suitable != 0)
            return suitable > 0;
        int rank = Rank(b.DriverId).CompareTo(Rank(a.DriverId));
        return rank != 0 ? rank > 0 : a.ApiVersion > b.ApiVersion;
    }

    private static int Rank(int driver)
    {
        if (LayeredDrivers.Contains(driver))
            return PreferredDrivers.Length + 1;
        int position = Array.IndexOf(PreferredDrivers, driver);
        return position < 0 ? PreferredDrivers.Length : position;
    }

    private static string Reason(DeviceCandidate candidate, DeviceCandidate? best, List<DeviceCandidate> all)
    {
        if (candidate.Info.Unsuitable is { } reason)
            return $"cannot be used: {reason}";
        if (ReferenceEquals(candidate, best))
        {
            int usable = all.Count(c => c.Info.Unsuitable is null);
            int alike = all.Count(c => c.Info.Unsuitable is null && c.Info.Type == candidate.Info.Type);
            return usable == 1 ? "auto takes it: the only device that can be used"
                : alike == 1 ? $"auto takes it: {Describe(candidate.Info.Type)}, which goes before the others"
                : $"auto takes it: {Describe(candidate.Info.Type)} with the most memory, or the first of equals";
        }
        return candidate.Info.Type == best!.Info.Type
            ? $"not taken: {best.Info.Name} is of the same kind and has as much memory or more"
            : $"not taken: {best.Info.Name} is {Describe(best.Info.Type)}, which goes before {Describe(candidate.Info.Type)}";
    }

    private static string Describe(DeviceType type) => type switch
    {
        DeviceType.DiscreteGpu => "a discrete GPU",
        DeviceType.IntegratedGpu => "an integrated GPU",
        DeviceType.VirtualGpu => "a virtual GPU",
        DeviceType.Cpu => "a software device",
        _ => "a device of no stated kind",
    };
}
