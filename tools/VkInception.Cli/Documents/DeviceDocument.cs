namespace VkInception.Cli.Documents;

/// <summary>One device of <c>devices --json</c>.</summary>
internal sealed record DeviceDocument(
    int Index, string Name, string Type, string Uuid, string Driver, string DriverVersion, string ApiVersion, ulong MemoryBytes, bool UnifiedMemory,
    uint SubgroupSize, uint MinSubgroupSize, uint MaxSubgroupSize, uint SharedMemoryBytes, uint MaxWorkgroupInvocations,
    bool Fp16, bool Fp64, bool Int8, bool Timestamps, IReadOnlyList<string> CooperativeMatrix, string? Unsuitable, bool Auto, string Reason);
