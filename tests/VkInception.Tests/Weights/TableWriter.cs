using System.Buffers.Binary;
using System.Text;

namespace VkInception.Tests.Weights;

/// <summary>Writes LevelDB's tables for the tests, independent of the reader; what is written wrong on purpose is sealed none the less.</summary>
internal sealed class TableWriter
{
    private readonly List<(byte[] Key, byte[] Value)> entries = [];

    /// <summary>Entries of a block.</summary>
    public int PerBlock { get; init; } = 2;

    /// <summary>What becomes of a block's bytes before they are sealed; the index is the last.</summary>
    public Func<byte[], byte[]> Damage { get; init; } = block => block;

    /// <summary>What the blocks claim to be compressed by.</summary>
    public byte Compression { get; init; }

    /// <summary>Whether the index names the first block for all.</summary>
    public bool RepeatsFirstBlock { get; init; }

    public TableWriter Add(string key, byte[] value)
    {
        entries.Add((Encoding.UTF8.GetBytes(key), value));
        return this;
    }

    public byte[] ToArray()
    {
        var file = new List<byte>();
        var handles = new List<(byte[] Key, byte[] Value)>();
        foreach ((byte[] Key, byte[] Value)[] part in entries.OrderBy(e => Convert.ToHexString(e.Key), StringComparer.Ordinal).Chunk(PerBlock))
        {
            byte[] handle = Write(file, Block(part));
            handles.Add((part[^1].Key, RepeatsFirstBlock && handles.Count > 0 ? handles[0].Value : handle));
        }
        byte[] meta = Write(file, Block([])), index = Write(file, Block(handles));
        var footer = new byte[48];
        meta.CopyTo(footer, 0);
        index.CopyTo(footer, meta.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(footer.AsSpan(40), 0xdb4775248b80fb57);
        return [.. file, .. footer];
    }

    /// <summary>CRC-32C bit by bit, masked as the format asks for.</summary>
    public static uint Seal(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? (crc >> 1) ^ 0x82F63B78 : crc >> 1;
        }
        crc = ~crc;
        return unchecked(((crc >> 15) | (crc << 17)) + 0xa282ead8);
    }

    private byte[] Write(List<byte> file, byte[] block)
    {
        block = Damage(block);
        byte[] handle = [.. Varint(file.Count), .. Varint(block.Length)];
        byte[] trailed = [.. block, Compression];
        var seal = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(seal, Seal(trailed));
        file.AddRange(trailed);
        file.AddRange(seal);
        return handle;
    }

    private static byte[] Block(IReadOnlyList<(byte[] Key, byte[] Value)> part)
    {
        var block = new List<byte>();
        byte[] last = [];
        foreach ((byte[] key, byte[] value) in part)
        {
            int shared = key.Zip(last).TakeWhile(pair => pair.First == pair.Second).Count();
            block.AddRange([.. Varint(shared), .. Varint(key.Length - shared), .. Varint(value.Length), .. key[shared..], .. value]);
            last = key;
        }
        return [.. block, 0, 0, 0, 0, 1, 0, 0, 0];
    }

    private static IEnumerable<byte> Varint(long value)
    {
        for (; value > 127; value >>= 7) yield return (byte)(value | 128);
        yield return (byte)value;
    }
}
