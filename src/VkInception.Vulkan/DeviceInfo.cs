namespace VkInception.Vulkan;

/// <summary>One Vulkan device of this machine: what it is, what it can do, and whether <c>auto</c> takes it.</summary>
public sealed record DeviceInfo
{
    /// <summary>Position in <see cref="GpuDevice.List"/>; a selector for <see cref="GpuDevice.Open"/>.</summary>
    public required int Index { get; init; }
    /// <summary>The driver's name for the device.</summary>
    public required string Name { get; init; }
    /// <summary>Kind of processor.</summary>
    public required DeviceType Type { get; init; }
    /// <summary>Vulkan's <c>deviceUUID</c>, lower-case with hyphens; all zeros where a Vulkan 1.0 driver gives none.</summary>
    public required string Uuid { get; init; }
    /// <summary>The driver's name, such as <c>radv</c> or <c>NVIDIA</c>.</summary>
    public required string DriverName { get; init; }
    /// <summary>The driver's version as its maker writes it.</summary>
    public required string DriverVersion { get; init; }
    /// <summary>Vulkan version of the device, such as <c>1.3.260</c>.</summary>
    public required string ApiVersion { get; init; }
    /// <summary>PCI vendor number, or Khronos' number for makers without one.</summary>
    public uint VendorId { get; init; }
    /// <summary>The maker's number of the device.</summary>
    public uint DeviceId { get; init; }
    /// <summary>Bytes of all device-local heaps together.</summary>
    public required ulong MemoryBytes { get; init; }
    /// <summary>True where device memory can be written by the host without a copy (integrated, software, or resizable BAR).</summary>
    public bool UnifiedMemory { get; init; }
    /// <summary>Lanes of a subgroup when a kernel asks for no particular size.</summary>
    public required uint SubgroupSize { get; init; }
    /// <summary>Smallest subgroup that a kernel can ask for; equals <see cref="SubgroupSize"/> where the size cannot be chosen.</summary>
    public required uint MinSubgroupSize { get; init; }
    /// <summary>Largest subgroup that a kernel can ask for; equals <see cref="SubgroupSize"/> where the size cannot be chosen.</summary>
    public required uint MaxSubgroupSize { get; init; }
    /// <summary>Most invocations in one workgroup.</summary>
    public required uint MaxWorkgroupInvocations { get; init; }
    /// <summary>Most invocations of a workgroup along x.</summary>
    public uint MaxWorkgroupSizeX { get; init; }
    /// <summary>Most workgroups of one dispatch along x, y and z.</summary>
    public (uint X, uint Y, uint Z) MaxWorkgroupCount { get; init; }
    /// <summary>Bytes of shared memory that one workgroup can use.</summary>
    public required uint SharedMemoryBytes { get; init; }
    /// <summary>Bytes of push constants that one dispatch can pass (at least 128).</summary>
    public uint MaxPushBytes { get; init; }
    /// <summary>Half-precision arithmetic in shaders (<c>shaderFloat16</c>).</summary>
    public bool Float16 { get; init; }
    /// <summary>Double-precision arithmetic in shaders (<c>shaderFloat64</c>).</summary>
    public bool Float64 { get; init; }
    /// <summary>The bfloat16 type in shaders (VK_KHR_shader_bfloat16).</summary>
    public bool BFloat16 { get; init; }
    /// <summary>8-bit integer arithmetic in shaders (<c>shaderInt8</c>).</summary>
    public bool Int8 { get; init; }
    /// <summary>16-bit integer arithmetic in shaders (<c>shaderInt16</c>).</summary>
    public bool Int16 { get; init; }
    /// <summary>64-bit integer arithmetic in shaders (<c>shaderInt64</c>).</summary>
    public bool Int64 { get; init; }
    /// <summary>16-bit values read from and written to buffers (<c>storageBuffer16BitAccess</c>).</summary>
    public bool Storage16Bit { get; init; }
    /// <summary>8-bit values read from and written to buffers (<c>storageBuffer8BitAccess</c>).</summary>
    public bool Storage8Bit { get; init; }
    /// <summary>Subgroup shuffles in compute shaders.</summary>
    public bool SubgroupShuffle { get; init; }
    /// <summary>True where kernels can ask for a subgroup size (<c>subgroupSizeControl</c>).</summary>
    public bool SubgroupSizeControl { get; init; }
    /// <summary>True where <see cref="CommandRecorder.Timestamp"/> measures something.</summary>
    public bool Timestamps { get; init; }
    /// <summary>Cooperative matrix shapes (VK_KHR_cooperative_matrix, subgroup scope), readable: <c>16×16×16 float16·float16+float32→float32</c>.</summary>
    public IReadOnlyList<string> CooperativeMatrices { get; init; } = [];
    /// <summary>The largest of these with half inputs and float sums, at most 16 a side; null where there is none.</summary>
    public CooperativeMatrix? HalfMatrix { get; init; }
    /// <summary>Null, or why the library cannot use the device (the missing feature by name).</summary>
    public string? Unsuitable { get; init; }
    /// <summary>True for the one device that <c>auto</c> takes.</summary>
    public bool Selected { get; init; }
    /// <summary>Why <c>auto</c> takes this device, or why it takes another.</summary>
    public string SelectionReason { get; init; } = "";
}
