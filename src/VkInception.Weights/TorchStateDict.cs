using System.Diagnostics.CodeAnalysis;

namespace VkInception.Weights;

/// <summary>Finds the state_dict in what a pickle built and makes named tensors of it.</summary>
internal sealed class TorchStateDict(CheckpointFile file)
{
    private const int MaxNesting = 3;
    private const int NamesInNote = 8;
    private const string Parallel = "module.";
    // Names under which training programs keep the weights, the first found wins.
    private static readonly string[] Usual = ["state_dict", "model_state_dict", "model_state", "model", "network", "net", "weights", "params"];
    private readonly Dictionary<PickleDictionary, bool> examined = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<PickleDictionary> visited = new(ReferenceEqualityComparer.Instance);
    private readonly List<string> notes = [];

    /// <summary>A checkpoint over <paramref name="root"/>; tensors share storages and are read through <paramref name="open"/>.</summary>
    public Checkpoint Open(string format, object? root, bool bigEndian, OpenTorchStorage open)
    {
        if (root is not PickleDictionary top)
            throw file.Unsupported($"holds {TorchBuilder.Describe(root)} where a state_dict is needed; save it with torch.save(model.state_dict(), …).");
        PickleDictionary? found = Find(top, MaxNesting);
        if (found is null)
            throw file.Unsupported($"holds no tensors by name ({Names(top)}); save it with torch.save(model.state_dict(), …).");
        NoteLeftOut(top, found);
        List<NamedTensor> tensors = [];
        foreach ((object? key, object? value) in found)
        {
            if (key is string name && value is TorchTensor tensor)
                tensors.Add(new NamedTensor(name, tensor.Type, tensor.Shape, () => OpenElements(tensor, bigEndian, open)));
        }
        CheckTotal(tensors);
        return new Checkpoint(file, format, DropParallel(tensors), notes: notes);
    }

    private PickleDictionary? Find(PickleDictionary dictionary, int nesting)
    {
        if (!visited.Add(dictionary))
            return null;
        foreach (string usual in Usual)
        {
            if (nesting > 0 && Entry(dictionary, usual) is PickleDictionary nested && Find(nested, nesting - 1) is { } found)
            {
                notes.Add($"tensors taken from entry '{usual}'");
                return found;
            }
        }
        if (HoldsTensors(dictionary))
            return dictionary;
        var candidates = dictionary.Where(entry => entry is { Key: string, Value: PickleDictionary value } && HoldsTensors(value)).ToList();
        if (candidates.Count > 1)
            throw file.Unsupported($"holds tensors in several entries ({Names(candidates)}); save one state_dict alone.");
        if (candidates.Count == 1)
            notes.Add($"tensors taken from entry '{candidates[0].Key}'");
        return candidates.Count == 1 ? (PickleDictionary)candidates[0].Value! : null;
    }

    private static object? Entry(PickleDictionary dictionary, string name) => dictionary.FindLast(entry => name.Equals(entry.Key)).Value;

    // Each dictionary is looked through once, however often a hostile file refers to it.
    private bool HoldsTensors(PickleDictionary dictionary)
    {
        if (!examined.TryGetValue(dictionary, out bool holds))
        {
            holds = dictionary.Exists(entry => entry is { Key: string, Value: TorchTensor });
            examined.Add(dictionary, holds);
        }
        return holds;
    }

    private void NoteLeftOut(PickleDictionary top, PickleDictionary found)
    {
        var beside = top.Where(entry => !ReferenceEquals(entry.Value, found) && !(ReferenceEquals(top, found) && entry is { Key: string, Value: TorchTensor })).ToList();
        if (beside.Count > 0)
            notes.Add($"left out: {Names(beside)}");
    }

    private static string Names(List<KeyValuePair<object?, object?>> entries)
    {
        if (entries.Count == 0)
            return "nothing";
        string names = string.Join(", ", entries.Take(NamesInNote).Select(entry => entry.Key is long number ? $"{number}" : TorchBuilder.Describe(entry.Key)));
        return entries.Count > NamesInNote ? $"{names} and {entries.Count - NamesInNote} more" : names;
    }

    // Tied weights share a storage; thousands of names over one storage would make a small file import as terabytes.
    private void CheckTotal(List<NamedTensor> tensors)
    {
        UInt128 total = 0;
        foreach (NamedTensor tensor in tensors)
            total += (UInt128)tensor.ByteLength;
        if (total > 16 * ((UInt128)file.Length + (1 << 20)))
            throw file.Refused($"describes {total} bytes of tensors in a file of {file.Length}.");
    }

    private List<NamedTensor> DropParallel(List<NamedTensor> tensors)
    {
        if (!tensors.TrueForAll(tensor => tensor.Name.StartsWith(Parallel, StringComparison.Ordinal) && tensor.Name.Length > Parallel.Length))
            return tensors;
        notes.Add($"prefix '{Parallel}' dropped from all {tensors.Count} names");
        return tensors.ConvertAll(tensor => tensor.WithName(tensor.Name[Parallel.Length..]));
    }

    [SuppressMessage("Reliability", "CA2000:Dispose objects before losing scope", Justification = "The stream is the caller's.")]
    private Stream OpenElements(TorchTensor tensor, bool bigEndian, OpenTorchStorage open)
    {
        int size = tensor.Type.Size();
        if (tensor.Extent == 0)
            return new MemoryStream([], writable: false);
        Stream source = open(tensor.Storage, tensor.Offset * size, tensor.Extent * size);
        bool rowMajor = StridedLayout.IsRowMajor(tensor.Shape, tensor.Strides.AsSpan());
        if (rowMajor && !bigEndian)
            return source;
        using (source)
        {
            if (tensor.Extent * size > Array.MaxLength)
                throw file.Unsupported($"a tensor of {TensorShape.Format(tensor.Shape)} that is not contiguous is too large; save it with .contiguous().");
            var bytes = new byte[tensor.Extent * size];
            source.ReadExactly(bytes);
            if (bigEndian)
                tensor.Type.ReverseEndianness(bytes);
            return new MemoryStream(rowMajor ? bytes : StridedLayout.Gather(bytes, size, tensor.Shape, tensor.Strides.AsSpan()), writable: false);
        }
    }
}
