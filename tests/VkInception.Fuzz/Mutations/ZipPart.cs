namespace VkInception.Fuzz.Mutations;

/// <summary>One member of a zip file that can be edited; what it claims need not be so.</summary>
internal sealed class ZipPart
{
    public byte[] Name { get; set; } = [];

    public ushort Method { get; set; }

    public ushort Flags { get; set; }

    public uint Crc { get; set; }

    /// <summary>Bytes as they lie in the file.</summary>
    public byte[] Data { get; set; } = [];

    public uint Size { get; set; }

    public uint? ClaimedCompressed { get; set; }

    public uint? ClaimedOffset { get; set; }

    public byte[] Extra { get; set; } = [];
}
