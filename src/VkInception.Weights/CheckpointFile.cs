namespace VkInception.Weights;

/// <summary>A regular file read at arbitrary positions, from any thread, never as a whole.</summary>
internal sealed class CheckpointFile : IDisposable
{
    private readonly Microsoft.Win32.SafeHandles.SafeFileHandle handle;

    private CheckpointFile(string path, Microsoft.Win32.SafeHandles.SafeFileHandle handle)
    {
        Path = path;
        this.handle = handle;
        Length = RandomAccess.GetLength(handle);
    }

    /// <summary>As the caller wrote it; every message starts with it.</summary>
    public string Path { get; }

    /// <summary>Bytes in the file.</summary>
    public long Length { get; }

    /// <summary>Opens a regular file with something in it; folders, missing and empty files, devices and pipes are refused.</summary>
    public static CheckpointFile Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        try
        {
            CheckRegular(path);
            return new CheckpointFile(path, File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new VkInceptionException(ErrorCode.FileNotFound, $"{path}: no such file; check the path.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new VkInceptionException(ErrorCode.InputOutput, $"{path}: cannot be opened: {e.Message}", e);
        }
    }

    /// <summary>Fills <paramref name="destination"/> from <paramref name="offset"/>, or throws that the file ends early.</summary>
    public void Read(long offset, Span<byte> destination)
    {
        if (offset < 0 || destination.Length > Length - offset)
            throw Damaged($"ends after {Length} bytes where byte {offset + destination.Length} is needed; the file is truncated.");
        while (!destination.IsEmpty)
        {
            int read = ReadOnce(offset, destination);
            if (read == 0)
                throw Damaged("became shorter while it was read; try again when nothing writes to it.");
            offset += read;
            destination = destination[read..];
        }
    }

    /// <summary>The first bytes, fewer where the file is shorter.</summary>
    public byte[] ReadHead(int count)
    {
        var head = new byte[(int)Math.Min(count, Length)];
        Read(0, head);
        return head;
    }

    /// <summary>An independent stream over a part of the file, which must lie within it.</summary>
    public Stream OpenSlice(long offset, long length)
    {
        if (offset < 0 || length < 0 || offset > Length || length > Length - offset)
            throw Damaged($"ends after {Length} bytes where {length} bytes from byte {offset} are needed; the file is truncated.");
        return new CheckpointSlice(this, offset, length);
    }

    /// <summary>What a message quotes from a hostile file must not break the line, steer the terminal or run on for megabytes.</summary>
    public static string Printable(string what)
    {
        const int longest = 400;
        string text = what.Length <= longest ? what : $"{what.AsSpan(0, longest)}…";
        return string.Create(text.Length, text, (line, source) =>
        {
            for (int i = 0; i < line.Length; i++)
                line[i] = char.IsControl(source[i]) || char.IsSurrogate(source[i]) ? '?' : source[i];
        });
    }

    /// <summary>The error for a file that is truncated, corrupt or contradicts itself.</summary>
    public VkInceptionException Damaged(string what, Exception? inner = null) => new(ErrorCode.FileDamaged, Line(what), inner);

    /// <summary>The error for a file that is refused on principle.</summary>
    public VkInceptionException Refused(string what) => new(ErrorCode.FileRefused, Line(what));

    /// <summary>The error for a sound file of a kind that is not read.</summary>
    public VkInceptionException Unsupported(string what) => new(ErrorCode.UnsupportedFormat, Line(what));

    /// <inheritdoc/>
    public void Dispose() => handle.Dispose();

    private string Line(string what) => $"{Path}: {Printable(what)}";

    private int ReadOnce(long offset, Span<byte> destination)
    {
        try
        {
            return RandomAccess.Read(handle, destination, offset);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VkInceptionException(ErrorCode.InputOutput, $"{Path}: cannot be read: {e.Message}", e);
        }
    }

    // A pipe would block when opened, so the check looks at the directory entry: pipes, sockets and devices have no length there.
    private static void CheckRegular(string path)
    {
        if (Directory.Exists(path))
            throw new VkInceptionException(ErrorCode.FileNotFound, $"{path}: is a folder; name a checkpoint file.");
        var entry = new FileInfo(path);
        if (entry.LinkTarget is not null)
            entry = entry.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? entry;
        if (entry.Length == 0)
            throw new VkInceptionException(ErrorCode.FileDamaged, $"{path}: holds no bytes (empty, or a pipe or device); name a regular checkpoint file.");
    }
}
