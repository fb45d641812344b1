using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace VkInception.Vulkan;

/// <summary>The pipeline cache on disk: one file per device and driver, with a header and checksum of its own around what the driver wrote.</summary>
/// <remarks>Layout: 8 bytes magic, 32 bytes SHA-256 of the rest, 32 bytes SHA-256 of the identity, 8 bytes length, the driver's bytes.</remarks>
internal sealed class PipelineCacheFile
{
    private const int HeaderBytes = 8 + 32 + 32 + 8;
    private const long LargestFile = 1L << 30;
    private const int VulkanHeaderBytes = 32;

    private readonly DeviceCandidate candidate;
    private readonly byte[] identity;

    public PipelineCacheFile(string folder, DeviceCandidate candidate)
    {
        this.candidate = candidate;
        string text = $"{candidate.Info.Uuid}/{candidate.PipelineCacheUuid}/{candidate.Info.VendorId:x}/{candidate.Info.DeviceId:x}/{candidate.DriverVersion:x}";
        identity = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        Path = System.IO.Path.Combine(folder, $"pipelines-{candidate.Info.Uuid}-{candidate.DriverVersion:x8}-{Convert.ToHexStringLower(identity.AsSpan(0, 4))}.bin");
    }

    public string Path { get; }

    private static ReadOnlySpan<byte> Magic => "VKIPIPE1"u8;

    /// <summary>The driver's bytes, or empty with the reason when there is no file, or it is damaged or another device's.</summary>
    public byte[] Read(out string? problem)
    {
        problem = null;
        try
        {
            if (RegularFile.LengthOf(Path) is not { } length)
                return [];
            if (length == 0)
                return Ignore("empty, or no file", out problem);
            using FileStream stream = File.OpenRead(Path);
            if (stream.Length is < HeaderBytes or > LargestFile)
                return Ignore($"{stream.Length} bytes are not a pipeline cache", out problem);
            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return Check(bytes, out problem);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Ignore(e.Message, out problem);
        }
    }

    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InputOutput"/> when the folder cannot be written.</exception>
    public void Write(ReadOnlySpan<byte> data)
    {
        var bytes = new byte[HeaderBytes + data.Length];
        Magic.CopyTo(bytes);
        identity.CopyTo(bytes, 40);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(72), data.Length);
        data.CopyTo(bytes.AsSpan(HeaderBytes));
        SHA256.HashData(bytes.AsSpan(40), bytes.AsSpan(8, 32));
        AtomicFile.Write(Path, bytes);
    }

    private byte[] Check(byte[] bytes, out string? problem)
    {
        problem = null;
        if (!bytes.AsSpan(0, 8).SequenceEqual(Magic))
            return Ignore("it does not start as one", out problem);
        if (!SHA256.HashData(bytes.AsSpan(40)).AsSpan().SequenceEqual(bytes.AsSpan(8, 32)))
            return Ignore("its checksum does not match", out problem);
        if (!bytes.AsSpan(40, 32).SequenceEqual(identity))
            return Ignore("it was written for another device or driver", out problem);
        if (BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(72)) != bytes.Length - HeaderBytes)
            return Ignore("its length does not match", out problem);
        ReadOnlySpan<byte> data = bytes.AsSpan(HeaderBytes);
        return IsVulkansOwn(data) ? data.ToArray() : Ignore("the driver's header in it is not this device's", out problem);
    }

    /// <summary>VkPipelineCacheHeaderVersionOne: size, version 1, vendor, device, pipelineCacheUUID. Some drivers crash on another's data.</summary>
    public bool IsVulkansOwn(ReadOnlySpan<byte> data) =>
        data.Length >= VulkanHeaderBytes
        && BinaryPrimitives.ReadUInt32LittleEndian(data) >= VulkanHeaderBytes
        && BinaryPrimitives.ReadUInt32LittleEndian(data[4..]) == 1
        && BinaryPrimitives.ReadUInt32LittleEndian(data[8..]) == candidate.Info.VendorId
        && BinaryPrimitives.ReadUInt32LittleEndian(data[12..]) == candidate.Info.DeviceId
        && Convert.ToHexStringLower(data.Slice(16, 16)) == candidate.PipelineCacheUuid;

    private byte[] Ignore(string reason, out string? problem)
    {
        problem = $"{Path}: pipeline cache ignored: {reason}";
        return [];
    }
}
