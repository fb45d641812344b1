using System.Collections.Immutable;
using System.Security.Cryptography;

namespace VkInception.Weights;

/// <summary>An open checkpoint: its tensors by name, read from the file when asked for. Dispose it to close the file. Any thread may read, several at once; dispose it when none does.</summary>
public sealed class Checkpoint : IDisposable
{
    private const int HeadBytes = 512;
    private const int MaxNameLength = 1024;
    private readonly CheckpointFile file;
    private readonly IReadOnlyList<CheckpointFile> parts;
    private readonly Dictionary<string, NamedTensor> byName;

    /// <summary>Takes ownership of <paramref name="file"/>, and of the further files of a format that has several, unless it throws.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.FileDamaged"/>: two tensors of one name.</exception>
    internal Checkpoint(
        CheckpointFile file, string format, IEnumerable<NamedTensor> tensors,
        IReadOnlyDictionary<string, string>? metadata = null, IEnumerable<string>? notes = null, IReadOnlyList<CheckpointFile>? parts = null)
    {
        this.file = file;
        this.parts = parts ?? [];
        Format = format;
        Tensors = [.. tensors.Select(tensor => tensor.WithOrigin(file.Path))];
        Metadata = metadata ?? ImmutableSortedDictionary<string, string>.Empty;
        Notes = [.. (notes ?? []).Select(CheckpointFile.Printable)];
        byName = new Dictionary<string, NamedTensor>(Tensors.Count, StringComparer.Ordinal);
        foreach (NamedTensor tensor in Tensors)
        {
            if (tensor.Name.Length > MaxNameLength || tensor.Name.Any(char.IsControl))
                throw file.Damaged($"has a tensor name with control characters or of {tensor.Name.Length} characters: '{tensor.Name}'.");
            if (!byName.TryAdd(tensor.Name, tensor))
                throw file.Damaged($"holds two tensors named '{tensor.Name}'.");
        }
    }

    /// <summary>The file, as it was named to <see cref="Open"/>.</summary>
    public string Path => file.Path;

    /// <summary>The format found: <c>safetensors</c>, <c>npz</c>, <c>npy</c>, <c>torch</c>, <c>torch-legacy</c>, <c>caffemodel</c>, <c>tensorflow</c>, <c>tensorflow-checkpoint</c>, <c>tensorflow-checkpoint-v1</c>, <c>tfjs</c>, <c>hdf5</c> or <c>onnx</c>.</summary>
    public string Format { get; }

    /// <summary>What the file says about itself (safetensors' <c>__metadata__</c>); empty where the format has none.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; }

    /// <summary>What the reader did to the names or left out, one line each, for people.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>The tensors in the file's order.</summary>
    public IReadOnlyList<NamedTensor> Tensors { get; }

    /// <summary>Opens a checkpoint by its content, and by its extension only where the content has no mark.</summary>
    /// <param name="path"><c>.safetensors</c>, <c>.caffemodel</c>, <c>.pth</c>/<c>.pt</c>/<c>.th</c> (zip or legacy), <c>.npz</c>, <c>.npy</c>, <c>.onnx</c>, a frozen TensorFlow graph <c>.pb</c>, a TensorFlow checkpoint (<c>.ckpt</c> of the first version, <c>.index</c> of the second with its data beside it) a TensorFlow.js <c>model.json</c> with its weights beside it, or Keras' <c>.h5</c>.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.FileNotFound"/>, <see cref="ErrorCode.FileDamaged"/>,
    /// <see cref="ErrorCode.UnsupportedFormat"/>, <see cref="ErrorCode.FileRefused"/> (a pickle that calls code, a bomb) or <see cref="ErrorCode.InputOutput"/>.</exception>
    public static Checkpoint Open(string path)
    {
        CheckpointFile file = CheckpointFile.Open(path);
        try
        {
            return Dispatch(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Finds a tensor by its exact name.</summary>
    public bool TryGet(string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out NamedTensor? tensor) => byName.TryGetValue(name, out tensor);

    /// <summary>The same file with its tensors under other names and in other shapes. It takes the file over: dispose it in place of this one.</summary>
    /// <param name="tensors">Made of the tensors of this checkpoint.</param>
    /// <param name="notes">What was done, one line each, behind the notes that are there.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.FileDamaged"/>: two tensors of one name.</exception>
    public Checkpoint With(IEnumerable<NamedTensor> tensors, IEnumerable<string> notes) => new(file, Format, tensors, Metadata, [.. Notes, .. notes], parts);

    /// <summary>Reads the whole file and compares it with the checksum at its end (<see cref="SafetensorsWriter.SealName"/>).</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.FileDamaged"/> when the file has no checksum or does not agree with it;
    /// <see cref="ErrorCode.InputOutput"/> when the file fails.</exception>
    public void CheckSeal()
    {
        if (!TryGet(SafetensorsWriter.SealName, out NamedTensor? seal) || seal.Type != ElementType.UInt8 || seal.Count != SHA256.HashSizeInBytes)
            throw file.Damaged($"has no checksum ({SafetensorsWriter.SealName}); it was not written as a sealed file, or is damaged.");
        var stated = new byte[SHA256.HashSizeInBytes];
        file.Read(file.Length - stated.Length, stated);
        using Stream body = file.OpenSlice(0, file.Length - stated.Length);
        if (!SHA256.HashData(body).AsSpan().SequenceEqual(stated))
            throw file.Damaged("does not agree with its own checksum; its bytes were changed after it was written.");
    }

    /// <summary>SHA-256 of the whole file, or of all files of the checkpoint one behind the other, in lower-case hexadecimal, for the metadata of what is imported from it.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InputOutput"/> when the file fails.</exception>
    public string ComputeSha256()
    {
        using Stream stream = JoinedFiles.Of([file, .. parts]).OpenWhole();
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        file.Dispose();
        foreach (CheckpointFile part in parts) part.Dispose();
    }

    private static Checkpoint Dispatch(CheckpointFile file)
    {
        byte[] head = file.ReadHead(HeadBytes);
        string path = file.Path;
        // Formats with a mark first; what follows them goes by content and extension together.
        if (ZipDirectory.Matches(head))
            return OpenZip(file);
        if (NpyReader.Matches(head, path))
            return NpyReader.Open(file);
        if (Hdf5Reader.Matches(head))
            return Hdf5Reader.Open(file);
        if (SafetensorsReader.Matches(head, path))
            return SafetensorsReader.Open(file);
        if (TorchReader.Matches(head, path))
            return TorchReader.Open(file);
        if (TableFile.Matches(file))
            return OpenTable(file);
        if (OnnxModelReader.Matches(head, path))
            return OnnxModelReader.OpenCheckpoint(file);
        if (TensorFlowGraphReader.Matches(head, path))
            return TensorFlowGraphReader.Open(file);
        if (TfjsReader.Matches(head, path))
            return TfjsReader.Open(file);
        if (CaffeModelReader.Matches(head, path))
            return CaffeModelReader.Open(file);
        throw Unknown(file, head);
    }

    private static Checkpoint OpenZip(CheckpointFile file)
    {
        ZipDirectory directory = ZipDirectory.Read(file);
        if (TorchZipReader.Matches(directory))
            return TorchZipReader.Open(file, directory);
        if (NpzReader.Matches(directory))
            return NpzReader.Open(file, directory);
        if (directory.Members.Any(m => m.Name.EndsWith(".weights.h5", StringComparison.Ordinal)))
            throw file.Unsupported("is a Keras archive; unpack the .weights.h5 that is in it and name that.");
        throw file.Unsupported("is a zip file with neither .npy arrays nor a data.pkl in it; it is no checkpoint.");
    }

    /// <summary>Both versions of TensorFlow's checkpoints are tables; the first holds the values itself, the second goes by its name.</summary>
    private static Checkpoint OpenTable(CheckpointFile file)
        => file.Path.EndsWith(".index", StringComparison.Ordinal) ? TensorFlowBundleReader.Open(file) : TensorFlowSlicesReader.Open(file);

    private static VkInceptionException Unknown(CheckpointFile file, byte[] head) => file.Unsupported(
        $"is no checkpoint that is read (it starts with {Convert.ToHexStringLower(head.AsSpan(0, Math.Min(4, head.Length)))}); give .safetensors, .caffemodel, .pth, .pt, .th, .npz, .npy, .onnx, .pb, .ckpt, .index, model.json or .h5.");
}
