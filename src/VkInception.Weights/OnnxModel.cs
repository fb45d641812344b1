namespace VkInception.Weights;

/// <summary>An open ONNX model: its graph, and its constants, which are read from the file when asked for. Dispose it to close the file. Any thread may read, several at once; dispose it when none does.</summary>
public sealed class OnnxModel : IDisposable
{
    private readonly CheckpointFile file;

    internal OnnxModel(CheckpointFile file, long irVersion, string producer, IReadOnlyDictionary<string, long> opsets, OnnxGraph graph)
    {
        this.file = file;
        IrVersion = irVersion;
        Producer = producer;
        Opsets = opsets;
        Graph = graph;
    }

    /// <summary>The file, as it was named to <see cref="Open"/>.</summary>
    public string Path => file.Path;

    /// <summary>Version of the format.</summary>
    public long IrVersion { get; }

    /// <summary>The program that wrote the file, as it says.</summary>
    public string Producer { get; }

    /// <summary>Version of each operator set by domain; ONNX's own is the empty domain.</summary>
    public IReadOnlyDictionary<string, long> Opsets { get; }

    /// <summary>The graph.</summary>
    public OnnxGraph Graph { get; }

    /// <summary>Opens a <c>.onnx</c> file; files above 2 GiB are read too, those with external data are not.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.FileNotFound"/>, <see cref="ErrorCode.InputOutput"/>, <see cref="ErrorCode.FileDamaged"/>,
    /// <see cref="ErrorCode.FileRefused"/> (nested too deep, too many parts) or <see cref="ErrorCode.UnsupportedFormat"/> (external data, no graph).</exception>
    public static OnnxModel Open(string path)
    {
        CheckpointFile file = CheckpointFile.Open(path);
        try
        {
            return OnnxModelReader.Read(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => file.Dispose();
}
