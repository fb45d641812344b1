using System.Buffers.Binary;
using System.Text;
using VkInception.Fuzz.Mutations;
using VkInception.Tests.GraphFiles;
using VkInception.Tests.Weights;
using VkInception.Weights;

namespace VkInception.Fuzz.Readers;

/// <summary>TensorFlow's checkpoints: tables that are spoilt in their bytes, and sound tables of spoilt entries.</summary>
internal sealed class TableReader : Reader
{
    private const int Footer = 48;
    private readonly string file;
    private readonly bool isEntries;

    private TableReader(string name, string file, bool isEntries, params byte[][] seeds)
        : base(name)
    {
        this.file = file;
        this.isEntries = isEntries;
        Seeds = seeds;
        Grammar = isEntries ? [new ProtobufMutation()] : [];
    }

    public static IReadOnlyList<Reader> All { get; } =
    [
        new TableReader("ckpt", "m.ckpt", true, First),
        new TableReader("ckpt-index", "m.index", true, Second),
        new TableReader("table", "m.index", false, Table(Second), Table(First)),
    ];

    public override IReadOnlyList<byte[]> Seeds { get; }

    public override IReadOnlyList<Mutation> Grammar { get; }

    // Entries as a message, so that the mutations of messages reach keys and values alike.
    private static byte[] First => new WireWriter()
        .Message(1, Entry("", new WireWriter().Message(1, new WireWriter().Message(1, Declared("a/weights", 1, 2, 2)).Message(1, Declared("b", 2, 2)).Message(1, Declared("steps", 9, 1)))))
        .Message(1, Entry("k1", Slice("a/weights", new WireWriter().PackedFloats(5, 1, 2, 3, 4))))
        .Message(1, Entry("k2", Slice("b", new WireWriter().Double(6, 1).Double(6, 2))))
        .Message(1, Entry("k3", Slice("steps", new WireWriter().Varint(10, 1)))).ToArray();

    private static byte[] Second => new WireWriter()
        .Message(1, Entry("", new WireWriter().Varint(1, 1)))
        .Message(1, Entry("a/kernel", new WireWriter().Varint(1, 1).Message(2, Dims(2, 2)).Varint(4, 0).Varint(5, 16).Fixed32(6, TableWriter.Seal(new byte[16]))))
        .Message(1, Entry("a/steps", new WireWriter().Varint(1, 9).Message(2, Dims()).Varint(4, 16).Varint(5, 8).Fixed32(6, TableWriter.Seal(new byte[8]))))
        .Message(1, Entry("text", new WireWriter().Varint(1, 7).Message(2, Dims()).Varint(4, 0).Varint(5, 4))).ToArray();

    public override string Read(byte[] input)
    {
        Scratch.Write("m.data-00000-of-00001", new byte[64]);
        using Checkpoint checkpoint = Checkpoint.Open(Scratch.Write(file, isEntries ? Table(input) : input));
        foreach (NamedTensor tensor in checkpoint.Tensors.Take(200).Where(t => t.Count < 1 << 16)) tensor.ToFloat32();
        return $"{checkpoint.Format} tensors {Math.Min(checkpoint.Tensors.Count, 5)} notes {Math.Min(checkpoint.Notes.Count, 3)}";
    }

    /// <summary>The blocks' checksums: of the two that the footer names, and of those that the index names.</summary>
    public override byte[] Seal(byte[] input)
    {
        if (isEntries || input.Length < Footer) return input;
        byte[] copy = [.. input];
        ReadOnlySpan<byte> footer = copy.AsSpan(copy.Length - Footer);
        (long Offset, long Size) meta = Handle(ref footer), index = Handle(ref footer);
        SealBlock(copy, meta);
        if (Lies(copy, index))
        {
            ReadOnlySpan<byte> entries = copy.AsSpan((int)index.Offset, (int)index.Size);
            for (int i = 0; i < 100 && entries.Length > 12; i++)
            {
                _ = Varint(ref entries);
                long added = Varint(ref entries), length = Varint(ref entries);
                if (added < 0 || length < 0 || added > entries.Length || length > entries.Length - added) break;
                ReadOnlySpan<byte> value = entries.Slice((int)added, (int)length);
                SealBlock(copy, Handle(ref value));
                entries = entries[(int)(added + length)..];
            }
        }
        SealBlock(copy, index);
        return copy;
    }

    private static bool Lies(byte[] table, (long Offset, long Size) block) => block.Offset >= 0 && block.Size >= 0 && block.Offset < table.Length && block.Size < table.Length - block.Offset - 5;

    private static void SealBlock(byte[] table, (long Offset, long Size) block)
    {
        if (Lies(table, block))
            BinaryPrimitives.WriteUInt32LittleEndian(table.AsSpan((int)(block.Offset + block.Size) + 1), Crc32C.Masked(Crc32C.Append(0, table.AsSpan((int)block.Offset, (int)block.Size + 1))));
    }

    private static (long Offset, long Size) Handle(ref ReadOnlySpan<byte> bytes) => (Varint(ref bytes), Varint(ref bytes));

    private static long Varint(ref ReadOnlySpan<byte> bytes)
    {
        long value = 0;
        for (int shift = 0; shift < 63 && bytes.Length > 0; shift += 7)
        {
            byte b = bytes[0];
            bytes = bytes[1..];
            value |= (long)(b & 0x7F) << shift;
            if (b < 0x80) return value;
        }
        return -1;
    }

    private static byte[] Table(byte[] message)
    {
        var table = new TableWriter();
        foreach (ProtobufField entry in (ProtobufField.Parse(message) ?? []).Take(300))
        {
            byte[] key = entry.Fields?.FirstOrDefault(f => f.Number == 1)?.Bytes ?? [];
            ProtobufField? value = entry.Fields?.FirstOrDefault(f => f.Number == 2);
            table.Add(Encoding.Latin1.GetString(key), value?.Bytes ?? []);
        }
        return table.ToArray();
    }

    private static WireWriter Entry(string key, WireWriter value) => new WireWriter().Text(1, key).Message(2, value);

    private static WireWriter Dims(params int[] extents) => extents.Aggregate(new WireWriter(), (shape, d) => shape.Message(2, new WireWriter().Varint(1, d)));

    private static WireWriter Declared(string name, int type, params int[] extents) => new WireWriter().Text(1, name).Message(2, Dims(extents)).Varint(3, type);

    private static WireWriter Slice(string name, WireWriter tensor) => new WireWriter().Message(2, new WireWriter().Text(1, name).Message(3, tensor));
}
