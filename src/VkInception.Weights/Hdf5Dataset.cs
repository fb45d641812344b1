using System.Collections.Immutable;

namespace VkInception.Weights;

/// <summary>A dataset of an HDF5 file as a tensor: its dataspace, datatype, layout and filters (specification IV.A.2.b, d, i, l).</summary>
internal sealed class Hdf5Dataset
{
    /// <summary>Numbers of the messages.</summary>
    public const int Dataspace = 1, Datatype = 3, Layout = 8;

    private const int Pipeline = 0x0B;
    private readonly Hdf5File file;
    private readonly Hdf5Header header;
    private readonly string name;
    private ElementType type;
    private ImmutableArray<int> shape;
    private long count;

    private Hdf5Dataset(Hdf5File file, Hdf5Header header, string name)
    {
        this.file = file;
        this.header = header;
        this.name = name;
    }

    /// <summary>The dataset; null where it holds no plain numbers.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.FileDamaged"/>, <see cref="ErrorCode.FileRefused"/> or <see cref="ErrorCode.UnsupportedFormat"/>.</exception>
    public static NamedTensor? Read(Hdf5File file, Hdf5Header header, string name)
    {
        var dataset = new Hdf5Dataset(file, header, name);
        return dataset.ReadType() && dataset.ReadShape() ? new NamedTensor(name, dataset.type, dataset.shape, dataset.ReadLayout()) : null;
    }

    private bool ReadType()
    {
        Hdf5Block message = Message(Datatype);
        int kind = (int)message.Number(1) & 0x0F, bits = (int)message.Number(1);
        message.Skip(2);
        int size = (int)Math.Min(message.Number(4), int.MaxValue);
        if (kind > 1) return false;
        if ((bits & 0x41) != 0) throw file.File.Unsupported($"'{name}' is stored in big-endian order; save it on a little-endian machine.");
        int offset = (int)message.Number(2), precision = (int)message.Number(2);
        bool isSigned = (bits & 8) != 0;
        ElementType? found = (kind, size) switch
        {
            (0, 1) => isSigned ? ElementType.Int8 : ElementType.UInt8,
            (0, 2) => isSigned ? ElementType.Int16 : ElementType.UInt16,
            (0, 4) => isSigned ? ElementType.Int32 : ElementType.UInt32,
            (0, 8) => isSigned ? ElementType.Int64 : ElementType.UInt64,
            (1, 2) => Float(message, 10, 5, ElementType.Float16) ?? Float(message, 7, 8, ElementType.BFloat16),
            (1, 4) => Float(message, 23, 8, ElementType.Float32),
            (1, 8) => Float(message, 52, 11, ElementType.Float64),
            _ => null,
        };
        if (found is not { } element || offset != 0 || precision != 8 * size) throw file.File.Unsupported($"'{name}' holds numbers of {precision} bits in {size} bytes, which are not read; save float32.");
        type = element;
        return true;
    }

    /// <summary>Whether sign, exponent and mantissa lie as IEEE 754 has them.</summary>
    private ElementType? Float(Hdf5Block message, int mantissa, int exponent, ElementType type)
    {
        floatBits ??= (message.Number(1), message.Number(1), message.Number(1), message.Number(1), message.Number(4));
        return floatBits == (mantissa, exponent, 0L, mantissa, (1L << (exponent - 1)) - 1) ? type : null;
    }

    private (long ExponentAt, long ExponentBits, long MantissaAt, long MantissaBits, long Bias)? floatBits;

    private bool ReadShape()
    {
        Hdf5Block message = Message(Dataspace);
        int version = (int)message.Number(1), rank = (int)message.Number(1);
        message.Skip(1);
        int kind = (int)message.Number(1);
        if (version == 1) message.Skip(4);
        else if (version != 2) throw file.File.Unsupported($"'{name}' has a dataspace of version {version}, which is not read.");
        if (version == 2 && kind == 2) return false;
        if (rank > TensorShape.MaxRank) throw file.File.Damaged($"'{name}' has {rank} axes.");
        long[] extents = [.. Enumerable.Range(0, rank).Select(_ => message.Number(8))];
        if (!TensorShape.TryCreate(extents, type.Size(), out shape) || !TensorShape.TryCount(shape, type.Size(), out count))
            throw file.File.Damaged($"'{name}' has a shape of {string.Join('×', extents.Take(8))}, which no file can hold.");
        return true;
    }

    private Func<Stream> ReadLayout()
    {
        Hdf5Block message = Message(Layout);
        long version = message.Number(1);
        if (version is < 3 or > 4) throw file.File.Unsupported($"'{name}' has a layout of version {version}, which is not read; save the file anew.");
        switch (message.Number(1))
        {
            case 0:
                long inside = message.Number(2);
                return Run(message.Place, Math.Min(inside, message.Left));
            case 1:
                long address = message.Number(8), length = message.Number(8);
                return count == 0 ? () => Stream.Null : Run(address, length);
            case 2 when version == 3:
                return ReadChunks(message);
            default:
                throw file.File.Unsupported($"'{name}' is stored in a way (layout version {version}) that is not read; save it with libver='earliest', or uncompressed.");
        }
    }

    private Func<Stream> Run(long address, long length)
    {
        long wanted = count * type.Size();
        if (address < 0 || address > file.File.Length || wanted != length || length > file.File.Length - address)
            throw file.File.Damaged($"'{name}' of {type} {TensorShape.Format(shape)} needs {wanted} bytes and has {length} at byte {address} of {file.File.Length}; the file is truncated or damaged.");
        return () => file.File.OpenSlice(address, length);
    }

    private Func<Stream> ReadChunks(Hdf5Block message)
    {
        int axes = (int)message.Number(1) - 1;
        long tree = message.Number(8);
        if (axes != shape.Length || axes == 0) throw file.File.Damaged($"'{name}' has chunks of {axes} axes.");
        long[] extents = [.. Enumerable.Range(0, axes).Select(_ => message.Number(4))];
        if (message.Number(4) != type.Size() || !TensorShape.TryCreate(extents, type.Size(), out ImmutableArray<int> chunk) || chunk.Contains(0))
            throw file.File.Damaged($"'{name}' has chunks of {string.Join('×', extents.Take(8))}, which do not fit it.");
        var chunks = new Hdf5Chunks(file, name, type.Size(), shape, chunk, [.. header.Of(Pipeline).SelectMany(ReadFilters)]);
        chunks.ReadIndex(tree);
        return chunks.Open;
    }

    private List<int> ReadFilters(Hdf5Block message)
    {
        int version = (int)message.Number(1), filters = (int)message.Number(1);
        message.Skip(version == 1 ? 6 : 0);
        var found = new List<int>();
        for (int i = 0; i < filters; i++)
        {
            int id = (int)message.Number(2);
            int nameLength = version == 1 || id >= 256 ? (int)message.Number(2) : 0;
            message.Skip(2);
            int values = (int)message.Number(2);
            message.Skip(version == 1 ? (nameLength + 7) / 8 * 8 : nameLength);
            message.Skip(4 * (version == 1 ? (values + 1) / 2 * 2 : values));
            if (!Hdf5Chunks.CanUndo(id)) throw file.File.Unsupported($"'{name}' went through filter {id}, which is not read; save it with gzip or uncompressed.");
            found.Add(id);
        }
        return found;
    }

    private Hdf5Block Message(int type) => header.Of(type) is [{ } found, ..] ? found : throw file.File.Damaged($"'{name}' lacks a message that every dataset has ({type}).");
}
