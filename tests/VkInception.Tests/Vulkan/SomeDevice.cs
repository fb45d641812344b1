using VkInception.Vulkan;

namespace VkInception.Tests.Vulkan;

/// <summary>A device on paper, for what goes by its identity.</summary>
internal static class SomeDevice
{
    public const uint VendorId = 0x10005, DeviceId = 1;

    public static DeviceCandidate Candidate { get; } = new()
    {
        Info = new DeviceInfo
        {
            Index = 0,
            Name = "some",
            Type = DeviceType.Cpu,
            Uuid = "00112233-4455-6677-8899-aabbccddeeff",
            DriverName = "some",
            DriverVersion = "1",
            ApiVersion = "1.3.0",
            VendorId = VendorId,
            DeviceId = DeviceId,
            MemoryBytes = 1,
            SubgroupSize = 8,
            MinSubgroupSize = 8,
            MaxSubgroupSize = 8,
            MaxWorkgroupInvocations = 256,
            SharedMemoryBytes = 32768,
        },
        Features = new DeviceFeatures(),
        PipelineCacheUuid = "000102030405060708090a0b0c0d0e0f",
    };

    /// <summary>What its driver would hand out: the header that Vulkan prescribes, and zeros.</summary>
    public static byte[] PipelineCache(int length = 64)
    {
        var data = new byte[length];
        foreach ((int at, uint value) in ((int, uint)[])[(0, 32), (4, 1), (8, VendorId), (12, DeviceId)]) BitConverter.TryWriteBytes(data.AsSpan(at), value);
        for (byte i = 0; i < 16; i++) data[16 + i] = i;
        return data;
    }
}
