namespace VkInception.Training;

/// <summary>A file that only grows, whole pieces at a time: what could not be written whole is taken back, and the next piece is tried again.</summary>
internal sealed class AppendedFile : IDisposable
{
    private readonly string path;
    private readonly FileStream stream;
    private long sound;

    /// <summary>Opens a file for appending at <paramref name="length"/>, cutting what lies behind.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InputOutput"/> when the system refuses.</exception>
    public AppendedFile(string path, long length)
    {
        this.path = path;
        try
        {
            stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Refused(path, e);
        }
        try
        {
            stream.SetLength(length);
            stream.Position = length;
            sound = length;
        }
        catch (IOException e)
        {
            stream.Dispose();
            throw Refused(path, e);
        }
    }

    /// <summary>Writes a piece through to the system.</summary>
    public SaveResult Append(ReadOnlySpan<byte> piece)
    {
        try
        {
            if (stream.Length != sound)
                stream.SetLength(sound);
            stream.Position = sound;
            stream.Write(piece);
            sound += piece.Length;
            return new SaveResult(path, null);
        }
        catch (IOException e)
        {
            return new SaveResult(null, $"{path}: cannot be written: {e.Message}; make room there, what was written before is intact");
        }
    }

    /// <summary>Waits until all pieces are on the disk.</summary>
    public SaveResult Settle()
    {
        try
        {
            stream.Flush(flushToDisk: true);
            return new SaveResult(path, null);
        }
        catch (IOException e)
        {
            return new SaveResult(null, $"{path}: cannot be written: {e.Message}");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => stream.Dispose();

    private static VkInceptionException Refused(string path, Exception e) => new(ErrorCode.InputOutput, $"{path}: cannot be written: {e.Message}", e);
}
