namespace VkInception.Weights;

/// <summary>Reads the datasets of an HDF5 file, as Keras saves weights (<c>.h5</c>): each under its path (<c>conv2d_1/conv2d_1/kernel:0</c>).</summary>
/// <remarks>
/// HDF5 File Format Specification, version 3: superblocks 0 to 3, both versions of object headers, groups by symbol tables or compact links; datasets that are
/// contiguous, compact, or in chunks indexed by a tree of the first version, with gzip, shuffle and Fletcher's checksum. That is what h5py writes unless told otherwise.
/// </remarks>
internal sealed class Hdf5Reader
{
    private const int MaxDepth = 32, MaxTensors = 200_000;
    private readonly Hdf5File file;
    private readonly HashSet<long> groups = [];
    private readonly List<NamedTensor> tensors = [];
    private int left;

    private Hdf5Reader(CheckpointFile file) => this.file = new Hdf5File(file);

    /// <summary>Whether the head is an HDF5 file's.</summary>
    public static bool Matches(ReadOnlySpan<byte> head) => head.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'H', (byte)'D', (byte)'F', 0x0D, 0x0A, 0x1A, 0x0A]);

    /// <summary>Opens the file, which the checkpoint owns.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.FileDamaged"/>, <see cref="ErrorCode.FileRefused"/> (groups in circles, a bomb)
    /// or <see cref="ErrorCode.UnsupportedFormat"/> (forms that Keras does not write).</exception>
    public static Checkpoint Open(CheckpointFile file)
    {
        var reader = new Hdf5Reader(file);
        reader.Visit(reader.RootAddress(), "", 0);
        return new Checkpoint(file, "hdf5", reader.tensors, notes: reader.left == 0 ? null : [$"{reader.left} datasets of text or the like left out"]);
    }

    private long RootAddress()
    {
        long version = file.Read(8, 1).Number(1);
        if (version > 3) throw file.File.Unsupported($"is an HDF5 file of version {version}; versions 0 to 3 are read.");
        bool isOld = version < 2;
        // Size of offsets and of lengths; then the address that all others count from.
        Hdf5Block sizes = file.Read(isOld ? 13 : 9, 2);
        if (sizes.Number(1) != 8 || sizes.Number(1) != 8) throw file.File.Unsupported("is an HDF5 file whose addresses are not 8 bytes long.");
        long addresses = version switch { 0 => 24, 1 => 28, _ => 12 };
        if (file.Read(addresses, 8).Number(8) != 0) throw file.File.Unsupported("is an HDF5 file with a user block, which is not read.");
        long end = file.Read(addresses + 16, 8).Number(8);
        if (end > file.File.Length) throw file.File.Damaged($"is an HDF5 file of {end} bytes of which {file.File.Length} are there; it is truncated.");
        // Four addresses and the offset of the root's name come before the root's in an old superblock, three in a new one.
        return file.Read(addresses + (isOld ? 40 : 24), 8).Number(8);
    }

    private void Visit(long address, string path, int depth)
    {
        if (depth > MaxDepth) throw file.File.Refused($"has groups within groups deeper than {MaxDepth}.");
        Hdf5Header header = Hdf5Header.Read(file, address);
        if (header.Has(Hdf5Dataset.Layout))
        {
            AddDataset(header, path);
            return;
        }
        if (!groups.Add(address)) throw file.File.Refused($"has the group '{path}' in two places; groups in circles are not read.");
        foreach ((string name, long target) in Hdf5Links.Of(file, header)) Visit(target, path.Length == 0 ? name : $"{path}/{name}", depth + 1);
    }

    private void AddDataset(Hdf5Header header, string path)
    {
        if (tensors.Count == MaxTensors) throw file.File.Refused($"has more than {MaxTensors} datasets.");
        if (Hdf5Dataset.Read(file, header, path) is { } tensor) tensors.Add(tensor);
        else left++;
    }
}
