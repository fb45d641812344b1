using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace VkInception.Weights;

/// <summary>Reads a TensorFlow checkpoint of the second version: <c>NAME.index</c>, a table of what is where, and <c>NAME.data-00000-of-00001</c> beside it.</summary>
/// <remarks>
/// BundleHeaderProto, of the empty key: num_shards 1, endianness 2. BundleEntryProto, of every tensor's name: dtype 1, shape 2, shard_id 3, offset 4, size 5,
/// crc32c 6, slices 7.
/// </remarks>
internal sealed class TensorFlowBundleReader
{
    private const int MaxShards = 512;
    private const string Suffix = ".index";
    private readonly CheckpointFile file;
    private readonly ProtobufWindow window;
    private readonly SortedDictionary<int, CheckpointFile> shards = [];
    private readonly List<NamedTensor> tensors = [];
    private int shardCount;
    private int left;

    private TensorFlowBundleReader(CheckpointFile file)
    {
        this.file = file;
        window = new ProtobufWindow(file);
    }

    /// <summary>Opens the index and the files of data that it needs; the checkpoint owns all of them.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.FileNotFound"/> (a file of data), <see cref="ErrorCode.FileDamaged"/>,
    /// <see cref="ErrorCode.FileRefused"/> or <see cref="ErrorCode.UnsupportedFormat"/>.</exception>
    public static Checkpoint Open(CheckpointFile file)
    {
        var reader = new TensorFlowBundleReader(file);
        try
        {
            foreach (TableEntry entry in TableFile.Read(reader.window)) reader.ReadEntry(entry);
            return new Checkpoint(file, "tensorflow-checkpoint", reader.tensors, notes: reader.left == 0 ? null : [$"{reader.left} entries of text or the like left out"], parts: [.. reader.shards.Values]);
        }
        catch
        {
            foreach (CheckpointFile shard in reader.shards.Values) shard.Dispose();
            throw;
        }
    }

    private void ReadEntry(TableEntry entry)
    {
        var reader = new ProtobufReader(window, entry.Value);
        if (entry.Key.Length == 0) ReadHeader(reader);
        else ReadTensor(reader, Encoding.UTF8.GetString(entry.Key));
    }

    private void ReadHeader(ProtobufReader reader)
    {
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: shardCount = reader.Int32(); break;
                case 2 when reader.Int64() != 0: throw file.Unsupported("is a checkpoint in big-endian order; write it on a little-endian machine.");
            }
        }
        if (shardCount is < 1 or > MaxShards) throw file.Refused($"claims {shardCount} files of data; 1 to {MaxShards} are read.");
    }

    private void ReadTensor(ProtobufReader reader, string name)
    {
        int type = 0, shard = 0;
        long offset = 0, size = 0;
        uint seal = 0;
        bool isKnown = true, isSliced = false;
        var dims = new List<long>();
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1: type = reader.Int32(); break;
                case 2: isKnown &= TensorFlowTypes.AddShape(reader.Message(), window, dims); break;
                case 3: shard = reader.Int32(); break;
                case 4: offset = reader.Int64(); break;
                case 5: size = reader.Int64(); break;
                case 6: seal = reader.Fixed32(); break;
                case 7: isSliced = true; break;
            }
        }
        if (isSliced) throw file.Unsupported($"'{name}' is stored in slices (a partitioned variable); write the checkpoint without partitions.");
        if (!isKnown || TensorFlowTypes.Of(type) is not { } element)
        {
            left++;
            return;
        }
        if (!TensorShape.TryCreate([.. dims], element.Size(), out ImmutableArray<int> shape) || !TensorShape.TryCount(shape, element.Size(), out long count) || count * element.Size() != size)
            throw file.Damaged($"'{name}': {size} bytes do not fill a shape of {string.Join('×', dims.Take(8))}.");
        CheckpointFile data = Shard(shard);
        if (offset < 0 || offset > data.Length || size > data.Length - offset)
            throw data.Damaged($"has {data.Length} bytes where '{name}' is {size} bytes at {offset}; the file is truncated or of another checkpoint.");
        tensors.Add(new NamedTensor(name, element, shape, () => OpenSealed(data, name, offset, size, seal)));
    }

    /// <summary>A tensor's bytes; whoever reads to their end is told where they are not those that were written.</summary>
    private static ForwardStream OpenSealed(CheckpointFile data, string name, long offset, long size, uint seal)
    {
        uint crc = 0;
        return new ForwardStream(size, (position, buffer) =>
        {
            data.Read(offset + position, buffer);
            crc = Crc32C.Append(crc, buffer);
            if (position + buffer.Length == size && Crc32C.Masked(crc) != seal) throw data.Damaged($"'{name}' fails its checksum; fetch the file again.");
            return buffer.Length;
        });
    }

    private CheckpointFile Shard(int number)
    {
        if (!file.Path.EndsWith(Suffix, StringComparison.Ordinal)) throw file.Unsupported($"is the index of a TensorFlow checkpoint; name it as TensorFlow does: NAME{Suffix} beside NAME.data-00000-of-00001.");
        if (number < 0 || number >= shardCount) throw file.Damaged($"has a tensor in file {number} of {shardCount}.");
        if (shards.TryGetValue(number, out CheckpointFile? open)) return open;
        string path = string.Create(CultureInfo.InvariantCulture, $"{file.Path[..^Suffix.Length]}.data-{number:00000}-of-{shardCount:00000}");
        return shards[number] = CheckpointFile.Open(path);
    }
}
