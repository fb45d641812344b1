namespace VkInception.Weights;

/// <summary>What a group of an HDF5 file holds: by a symbol table (specification III.A to III.D), as Keras' files have it, or by link messages (IV.A.2.g).</summary>
internal sealed class Hdf5Links
{
    private const int LinkInfo = 2, Link = 6, SymbolTable = 0x11, SymbolEntryLength = 40, LongestName = 1024, MaxLevel = 32;
    private readonly Hdf5File file;
    private readonly List<(string Name, long Address)> found = [];

    private Hdf5Links(Hdf5File file) => this.file = file;

    /// <summary>The names in a group and the addresses of the objects; soft and external links are passed over.</summary>
    public static IReadOnlyList<(string Name, long Address)> Of(Hdf5File file, Hdf5Header header)
    {
        var links = new Hdf5Links(file);
        foreach (Hdf5Block table in header.Of(SymbolTable))
        {
            long tree = table.Number(8), heap = table.Number(8);
            links.ReadNode(tree, links.ReadHeap(heap), MaxLevel);
        }
        foreach (Hdf5Block info in header.Of(LinkInfo)) links.RefuseDense(info);
        foreach (Hdf5Block link in header.Of(Link)) links.ReadLink(link);
        return links.found;
    }

    /// <summary>Where the names of a symbol table lie.</summary>
    private (long Address, long Length) ReadHeap(long address)
    {
        Hdf5Block heap = file.Read(address, 32);
        heap.Expect("HEAP\0"u8);
        heap.Skip(3);
        long length = heap.Number(8);
        heap.Skip(8);
        return (heap.Number(8), length);
    }

    private void ReadNode(long address, (long Address, long Length) heap, int most)
    {
        Hdf5Block node = file.Read(address, 24);
        node.Expect("TREE\0"u8);
        int level = (int)node.Number(1), used = (int)node.Number(2);
        if (level >= most) throw file.File.Damaged($"byte {address}: a tree of HDF5 whose levels do not fall; the file is damaged.");
        Hdf5Block entries = file.Read(address + 24, 16L * used);
        for (int i = 0; i < used; i++)
        {
            entries.Skip(8);
            long child = entries.Number(8);
            if (level == 0) ReadSymbols(child, heap);
            else ReadNode(child, heap, level);
        }
    }

    private void ReadSymbols(long address, (long Address, long Length) heap)
    {
        Hdf5Block node = file.Read(address, 8);
        node.Expect("SNOD\u0001"u8);
        node.Skip(1);
        int count = (int)node.Number(2);
        Hdf5Block entries = file.Read(address + 8, (long)SymbolEntryLength * count);
        for (int i = 0; i < count; i++)
        {
            long name = entries.Number(8), target = entries.Number(8);
            bool isSoft = entries.Number(4) == 2;
            entries.Skip(20);
            if (!isSoft) found.Add((ReadName(heap, name), target));
        }
    }

    private string ReadName((long Address, long Length) heap, long offset)
    {
        if (offset < 0 || offset >= heap.Length || heap.Address < 0 || heap.Address > file.File.Length) throw file.File.Damaged("names a link outside the names of its group; the file is damaged.");
        long longest = Math.Min(Math.Min(heap.Length - offset, LongestName + 1), Math.Max(0, file.File.Length - heap.Address - offset));
        return Checked(file.Read(heap.Address + offset, longest).Text());
    }

    private void ReadLink(Hdf5Block link)
    {
        if (link.Number(1) != 1) throw file.File.Unsupported("has links of an HDF5 version that is not read.");
        int flags = (int)link.Number(1);
        int type = (flags & 8) != 0 ? (int)link.Number(1) : 0;
        link.Skip(((flags & 4) != 0 ? 8 : 0) + ((flags & 0x10) != 0 ? 1 : 0));
        long length = link.Number(1 << (flags & 3));
        if (length is < 0 or > LongestName) throw file.File.Damaged($"has a link whose name is {length} bytes long.");
        string name = Checked(link.Part((int)length).Text());
        if (type == 0) found.Add((name, link.Number(8)));
    }

    private void RefuseDense(Hdf5Block info)
    {
        info.Skip(1);
        bool isOrdered = (info.Number(1) & 1) != 0;
        info.Skip(isOrdered ? 8 : 0);
        if (info.Number(8) != -1) throw file.File.Unsupported("keeps the links of a large group in a form (dense storage) that is not read; save it with libver='earliest', or as .npz.");
    }

    private string Checked(string name)
        => name.Length is 0 or > LongestName || name.Contains('/', StringComparison.Ordinal) ? throw file.File.Damaged($"has a link that cannot be named: '{name}'.") : name;
}
