using System.Buffers.Binary;
using System.Numerics;

namespace VkInception.Weights;

/// <summary>Reads what torch.save wrote before version 1.6 or on request since: pickles one after another, then the storages.</summary>
internal static class TorchReader
{
    private const int TarMark = 257;
    private const long Protocol = 1001;
    private static readonly BigInteger Magic = new((ReadOnlySpan<byte>)[0x19, 0x50, 0xa8, 0x6a, 0x20, 0xf9, 0x46, 0x9c, 0xfc, 0x6c], isBigEndian: true);

    /// <summary>Whether the file starts as a pickle or as torch's oldest format does; anything else goes by its extension.</summary>
    public static bool Matches(ReadOnlySpan<byte> head, string path) =>
        head is [0x80, >= 2 and <= 5, ..] || IsTar(head)
        || path.EndsWith(".pth", StringComparison.OrdinalIgnoreCase)
        || path.EndsWith(".pt", StringComparison.OrdinalIgnoreCase)
        || path.EndsWith(".th", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads the table of tensors; their elements stay in the file.</summary>
    public static Checkpoint Open(CheckpointFile file)
    {
        byte[] head = file.ReadHead(512);
        if (IsTar(head))
            throw file.Unsupported("is in torch's tar format from before version 0.1.10; load it and save it again with a newer torch.");
        if (head[0] != 0x80)
            throw file.Damaged("is neither a zip file nor a pickle, so nothing that torch wrote; the file is damaged or of another kind.");
        var pickles = new PickleSequence(file);
        if (pickles.Next() is not BigInteger magic || magic != Magic)
            throw file.Unsupported("is a pickle without torch's mark; save it with torch.save.");
        if (pickles.Next() is not Protocol)
            throw file.Unsupported($"is of another version of torch's legacy format than {Protocol}.");
        CheckByteOrder(file, pickles.Next());
        var builder = new TorchBuilder(file);
        object? root = pickles.Next(builder);
        Dictionary<string, long> offsets = LocateStorages(file, builder, pickles.Next(), pickles.Position);
        return new TorchStateDict(file).Open("torch-legacy", root, bigEndian: false,
            (storage, offset, length) => file.OpenSlice(offsets[storage.Key] + offset, length));
    }

    private static bool IsTar(ReadOnlySpan<byte> head) => head.Length > TarMark && head[TarMark..].StartsWith("ustar"u8);

    private static void CheckByteOrder(CheckpointFile file, object? systemInfo)
    {
        if (systemInfo is not PickleDictionary entries)
            throw file.Damaged("lacks the table of the machine it was written on.");
        if (entries.Any(entry => entry is { Key: "little_endian", Value: false }))
            throw file.Unsupported("was written on a big-endian machine in torch's legacy format; save it again without _use_new_zipfile_serialization=False.");
    }

    // The storages follow in the order of the list of keys: their count of elements, then the elements.
    private static Dictionary<string, long> LocateStorages(CheckpointFile file, TorchBuilder builder, object? keys, long position)
    {
        if (keys is not PickleList list)
            throw file.Damaged("lacks the list of its storages.");
        var offsets = new Dictionary<string, long>(StringComparer.Ordinal);
        Span<byte> count = stackalloc byte[8];
        foreach (object? key in list)
        {
            if (key is not string name || !builder.Storages.TryGetValue(name, out TorchStorage? storage) || !offsets.TryAdd(name, position + 8))
                throw file.Damaged("lists a storage that no tensor refers to, or one twice.");
            file.Read(position, count);
            long elements = BinaryPrimitives.ReadInt64LittleEndian(count);
            if (elements != storage.Count)
                throw file.Damaged($"storage '{name}' has {elements} elements where {storage.Count} are due.");
            position += 8;
            if (storage.ByteLength > file.Length - position)
                throw file.Damaged($"storage '{name}' needs {storage.ByteLength} bytes but {file.Length - position} are left; the file is truncated.");
            position += storage.ByteLength;
        }
        if (builder.Storages.Count != offsets.Count)
            throw file.Damaged($"refers to {builder.Storages.Count} storages but holds {offsets.Count}.");
        return offsets;
    }
}
