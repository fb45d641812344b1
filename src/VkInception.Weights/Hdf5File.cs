namespace VkInception.Weights;

/// <summary>An HDF5 file whose structure is read piece by piece, and not without end.</summary>
internal sealed class Hdf5File(CheckpointFile file)
{
    // A network of thousands of tensors takes a few megabytes; what is over this goes in circles.
    private const long MaxStructure = 64 << 20;
    private const int LeastCost = 64;
    private long left = MaxStructure;

    /// <summary>The file itself.</summary>
    public CheckpointFile File => file;

    /// <summary>Reads a piece of the structure.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.FileDamaged"/> where it lies outside the file, <see cref="ErrorCode.FileRefused"/> where the structure has no end.</exception>
    public Hdf5Block Read(long address, long length)
    {
        if (address < 0 || length < 0 || address > file.Length || length > file.Length - address)
            throw file.Damaged($"a structure of HDF5 is due at byte {address}, {length} bytes long; the file has {file.Length} and is truncated or damaged.");
        if (length + LeastCost > left) throw file.Refused("has an HDF5 structure that goes on without end.");
        left -= length + LeastCost;
        var bytes = new byte[length];
        file.Read(address, bytes);
        return new Hdf5Block(file, address, bytes);
    }
}
