namespace VkInception.Weights;

/// <summary>A file in protobuf's wire format, seen through 64 KiB at a time: its blobs stay on the disk until they are asked for.</summary>
internal sealed class ProtobufWindow(CheckpointFile file)
{
    // Far more than the largest published networks have; a file of nothing but tiny messages stops here instead of filling the memory.
    private const int MostObjects = 1_000_000;
    private readonly byte[] buffer = new byte[(int)Math.Min(1 << 16, file.Length)];
    private long start = -1;
    private int count;
    private int objects;

    /// <summary>The file that is read.</summary>
    public CheckpointFile File { get; } = file;

    /// <summary>One byte; <paramref name="offset"/> lies within the file.</summary>
    public byte this[long offset]
    {
        get
        {
            if (start < 0 || offset < start || offset >= start + count) Load(offset);
            return buffer[offset - start];
        }
    }

    /// <summary>Counts what the reader is about to keep, against a bound for the whole file.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.FileRefused"/> over the bound.</exception>
    public void Charge(int kept = 1)
    {
        if (kept > MostObjects - objects)
            throw File.Refused($"holds more than {MostObjects} nodes, attributes and names; no network has as many.");
        objects += kept;
    }

    private void Load(long offset)
    {
        count = (int)Math.Min(buffer.Length, File.Length - offset);
        File.Read(offset, buffer.AsSpan(0, count));
        start = offset;
    }
}
