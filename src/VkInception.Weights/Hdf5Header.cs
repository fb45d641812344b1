namespace VkInception.Weights;

/// <summary>The messages that describe an object of an HDF5 file: its object header (File Format Specification, IV.A.1), either version.</summary>
internal sealed class Hdf5Header
{
    private const int Continuation = 0x10, MaxBlocks = 1024;
    private readonly Hdf5File file;
    private readonly Dictionary<int, List<Hdf5Block>> messages = [];
    private readonly Queue<(long Address, long Length)> further = [];
    private int blocks;

    private Hdf5Header(Hdf5File file) => this.file = file;

    /// <summary>Reads the header at an address.</summary>
    public static Hdf5Header Read(Hdf5File file, long address)
    {
        var header = new Hdf5Header(file);
        Hdf5Block start = file.Read(address, 16);
        if (start.Number(1) == 1) header.ReadFirst(start, address);
        else header.ReadSecond(address);
        return header;
    }

    /// <summary>Whether there is a message of a type.</summary>
    public bool Has(int type) => messages.ContainsKey(type);

    /// <summary>The messages of a type; each is read once.</summary>
    public IReadOnlyList<Hdf5Block> Of(int type) => messages.TryGetValue(type, out List<Hdf5Block>? found) ? found : [];

    private void ReadFirst(Hdf5Block start, long address)
    {
        start.Skip(7);
        further.Enqueue((address + 16, start.Number(4)));
        while (Next() is { } block)
        {
            // Type, size, flags, three bytes that mean nothing.
            while (block.Left >= 8)
            {
                int type = (int)block.Number(2), size = (int)block.Number(2), flags = (int)block.Number(1);
                block.Skip(3);
                Add(type, flags, block.Part(size));
            }
        }
    }

    private void ReadSecond(long address)
    {
        Hdf5Block start = file.Read(address, 6);
        start.Expect("OHDR\u0002"u8);
        int flags = (int)start.Number(1), sizeBytes = 1 << (flags & 3);
        int prefix = 6 + ((flags & 0x20) != 0 ? 16 : 0) + ((flags & 0x10) != 0 ? 4 : 0);
        long size = file.Read(address + prefix, sizeBytes).Number(sizeBytes);
        further.Enqueue((address + prefix + sizeBytes, size));
        bool isFirst = true;
        int head = (flags & 4) != 0 ? 6 : 4;
        while (Next() is { } block)
        {
            if (!isFirst) block.Expect("OCHK"u8);
            // A checksum ends the blocks behind the first; the first one's lies behind it.
            int end = isFirst ? 0 : 4;
            isFirst = false;
            while (block.Left - end >= head)
            {
                int type = (int)block.Number(1), length = (int)block.Number(2), messageFlags = (int)block.Number(1);
                block.Skip(head - 4);
                Add(type, messageFlags, block.Part(length));
            }
        }
    }

    private Hdf5Block? Next()
    {
        if (!further.TryDequeue(out (long Address, long Length) next)) return null;
        if (++blocks > MaxBlocks) throw file.File.Refused("has an HDF5 object header that goes on without end.");
        return file.Read(next.Address, next.Length);
    }

    private void Add(int type, int flags, Hdf5Block body)
    {
        if (type == Continuation)
        {
            further.Enqueue((body.Number(8), body.Number(8)));
            return;
        }
        // A shared message is a reference to a datatype that was given a name.
        if ((flags & 2) != 0 && type == Hdf5Dataset.Datatype) throw file.File.Unsupported("has datasets of a named datatype, which is not read; save the weights anew.");
        if (!messages.TryGetValue(type, out List<Hdf5Block>? list)) messages.Add(type, list = []);
        list.Add(body);
    }
}
