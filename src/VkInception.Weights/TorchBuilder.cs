using System.Collections.Immutable;
using System.Text;

namespace VkInception.Weights;

/// <summary>What the allowed names of a checkpoint's pickle do: build plain data and check descriptions of tensors.</summary>
internal sealed class TorchBuilder(CheckpointFile file)
{
    // An expanded tensor repeats elements through strides of zero: a few bytes may claim any size.
    private const long MaxExpanded = 1 << 20;
    // Calls that copy can be repeated on one large value by a few bytes each.
    private const long MaxCopied = 32 << 20;
    private readonly Dictionary<string, TorchStorage> storages = new(StringComparer.Ordinal);
    private long copied;

    /// <summary>Every storage that the pickle refers to, by key.</summary>
    public IReadOnlyDictionary<string, TorchStorage> Storages => storages;

    /// <summary>For messages: what kind of thing a value is.</summary>
    public static string Describe(object? value) => value switch
    {
        PickleGlobal global => global.Name,
        null => "None",
        string text => $"'{(text.Length > 40 ? text[..40] : text)}'",
        long or System.Numerics.BigInteger or double or bool => "a number",
        byte[] => "bytes",
        PickleTuple => "a tuple",
        PickleList => "a list",
        PickleDictionary => "a dictionary",
        TorchStorage => "a storage",
        TorchTensor => "a tensor",
        _ => "an object",
    };

    /// <summary>The storage that a persistent id stands for: ('storage', class, key, location, count), behind it None in legacy files.</summary>
    public TorchStorage Storage(object? id)
    {
        if (id is not PickleTuple { Items: ["storage", PickleGlobal { Storage: true } type, string key, string, long count, .. object?[] rest] } || rest is not ([] or [null]))
            throw file.Refused($"its pickle refers to an outside object ({Describe(id)}); only torch's storages are read, and no views of storages from before torch 0.4.");
        if (count < 0 || count > long.MaxValue / (type.Element?.Size() ?? 1))
            throw file.Damaged($"storage '{key}' claims {count} elements, which overflows.");
        var storage = new TorchStorage(key, type.Element, count);
        if (!storages.TryAdd(key, storage) && storages[key] != storage)
            throw file.Damaged($"storage '{key}' is described in two ways.");
        return storages[key];
    }

    /// <summary>Answers a call of one of the allowed functions.</summary>
    public object? Call(PickleGlobal function, object?[] arguments)
    {
        object? result = function.Function switch
        {
            PickleFunction.OrderedDict => BuildDictionary(arguments),
            PickleFunction.Set => arguments is [PickleList list] ? list : arguments is [] ? new PickleList() : null,
            PickleFunction.Size => arguments is [PickleTuple size] ? size : null,
            PickleFunction.EncodeLatin1 => arguments is [string text, "latin1" or "latin-1"] ? Encode(text) : null,
            PickleFunction.RebuildTensor => arguments is [TorchStorage { Element: ElementType type } storage, _, _, _, ..] ? BuildTensor(storage, type, arguments) : null,
            PickleFunction.RebuildTensorV3 =>
                arguments is [TorchStorage storage, _, _, _, _, _, PickleGlobal { Storage: false, Element: ElementType type }, ..] ? BuildTensor(storage, type, arguments) : null,
            PickleFunction.RebuildParameter => arguments is [TorchTensor tensor, ..] ? tensor : null,
            _ => null,
        };
        return result ?? throw file.Refused($"its pickle calls '{function.Name}' with arguments that torch never passes.");
    }

    private PickleDictionary? BuildDictionary(object?[] arguments)
    {
        var dictionary = new PickleDictionary();
        if (arguments.Length == 0)
            return dictionary;
        if (arguments is not [PickleList pairs])
            return null;
        Spend(16L * pairs.Count);
        foreach (object? pair in pairs)
        {
            object?[]? items = pair switch { PickleTuple tuple => tuple.Items, PickleList { Count: 2 } list => [list[0], list[1]], _ => null };
            if (items is not [object key, var value])
                return null;
            dictionary.Add(new(key, value));
        }
        return dictionary;
    }

    private byte[] Encode(string text)
    {
        Spend(text.Length);
        return Encoding.Latin1.GetBytes(text);
    }

    private void Spend(long bytes)
    {
        copied += bytes;
        if (copied > MaxCopied)
            throw file.Refused($"its pickle copies more than {MaxCopied >> 20} MiB of values about; no checkpoint's does.");
    }

    private TorchTensor? BuildTensor(TorchStorage storage, ElementType type, object?[] arguments)
    {
        if (arguments[1] is not long offset || arguments[2] is not PickleTuple size || arguments[3] is not PickleTuple stride)
            return null;
        if (Longs(size) is not { } dimensions || Longs(stride) is not { } strides || dimensions.Length != strides.Length)
            return null;
        if (!TensorShape.TryCreate(dimensions, type.Size(), out ImmutableArray<int> shape) || !TensorShape.TryCount(shape, type.Size(), out long count))
            throw file.Damaged($"a tensor of storage '{storage.Key}' has a shape of {string.Join('×', dimensions)}, which overflows.");
        long available = storage.ByteLength / type.Size();
        if (!StridedLayout.TryExtent(shape, strides, out long extent) || offset < 0 || extent > available || offset > available - extent)
            throw file.Damaged($"a tensor of {TensorShape.Format(shape)} at {offset} reaches beyond its storage '{storage.Key}' of {available} elements.");
        if (count > extent && count > MaxExpanded)
            throw file.Refused($"a tensor of {TensorShape.Format(shape)} repeats {extent} elements of storage '{storage.Key}'; save it with .contiguous().");
        return new(storage, type, offset, shape, [.. strides], extent);
    }

    private static long[]? Longs(PickleTuple tuple) =>
        tuple.Items.Length <= TensorShape.MaxRank && tuple.Items.All(item => item is long) ? [.. tuple.Items.Cast<long>()] : null;
}
