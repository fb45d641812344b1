using System.Text;

namespace VkInception.Weights;

/// <summary>A file in protobuf's text format (a Caffe <c>.prototxt</c>), as a tree without a schema. Immutable: any thread may use it.</summary>
public sealed class PrototxtDocument
{
    // The largest published definitions are under 1 MiB.
    private const int LargestFile = 8 << 20;

    private PrototxtDocument(string source, PrototxtMessage root)
    {
        Source = source;
        Root = root;
    }

    /// <summary>The file's path or the name given for the text; every error starts with it.</summary>
    public string Source { get; }

    /// <summary>The fields at the top level.</summary>
    public PrototxtMessage Root { get; }

    /// <summary>Reads a file of at most 8 MiB.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.FileNotFound"/>, <see cref="ErrorCode.InputOutput"/>,
    /// <see cref="ErrorCode.FileRefused"/> (larger than 8 MiB, nested deeper than 64) or <see cref="ErrorCode.FileDamaged"/> with the line.</exception>
    public static PrototxtDocument Open(string path)
    {
        using CheckpointFile file = CheckpointFile.Open(path);
        if (file.Length > LargestFile) throw file.Refused($"{file.Length} bytes are too many for a network definition (at most {LargestFile}); is it the weights? Give the .prototxt.");
        var bytes = new byte[(int)file.Length];
        file.Read(0, bytes);
        return Parse(Encoding.UTF8.GetString(bytes), path);
    }

    /// <summary>Reads text.</summary>
    /// <param name="text">The definition.</param>
    /// <param name="source">What errors call it.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.FileRefused"/> (larger than 8 MiB, nested deeper than 64) or
    /// <see cref="ErrorCode.FileDamaged"/> with the line.</exception>
    public static PrototxtDocument Parse(string text, string source = "prototxt")
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > LargestFile) throw new VkInceptionException(ErrorCode.FileRefused, $"{source}: {text.Length} characters are too many for a network definition (at most {LargestFile})");
        return new PrototxtDocument(source, new PrototxtReader(new PrototxtTokens(text, source), source).ReadAll());
    }
}
