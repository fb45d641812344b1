namespace VkInception;

/// <summary>Writes files so that a reader, or a crash, sees the old content or the new, never a part.</summary>
/// <remarks>A link stays a link: what it points to is written. Pipes and devices are written as they are, never replaced by a file.
/// What a killed process left half written beside it goes with a later file, when it is old enough to be nobody's.</remarks>
public static class AtomicFile
{
    private const string Suffix = ".tmp";
    private const int NameLength = 1 + 32 + 4;
    private static readonly TimeSpan abandoned = TimeSpan.FromMinutes(10);

    /// <summary>Writes beside <paramref name="path"/>, flushes to the disk and renames over it. Creates the folder.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InputOutput"/> when the system refuses; what existed is intact.
    /// <see cref="ErrorCode.InvalidArgument"/> when <paramref name="path"/> is no path.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(write);
        try
        {
            if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
                throw new VkInceptionException(ErrorCode.InvalidArgument, "no file can be written under an empty name or one with a zero in it; name a file");
            if (Directory.Exists(path) || Path.EndsInDirectorySeparator(path))
                throw new IOException("it is a folder; name a file");
            string target = new FileInfo(path).LinkTarget is null ? Path.GetFullPath(path) : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;
            using FileStream? endless = OpenPipeOrDevice(path, target);
            if (endless is not null)
                write(endless);
            else
                Replace(target, write);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VkInceptionException(ErrorCode.InputOutput, $"{path}: cannot be written: {e.Message}", e);
        }
    }

    /// <summary>Writes <paramref name="content"/> as <see cref="Write(string, Action{Stream})"/> does.</summary>
    public static void Write(string path, ReadOnlyMemory<byte> content) => Write(path, stream => stream.Write(content.Span));

    private static void Replace(string target, Action<Stream> write)
    {
        string folder = Path.GetDirectoryName(target)!;
        // A name of its own length: a long name that the system allows must not become too long.
        string temporary = Path.Combine(folder, $".{Guid.NewGuid():N}{Suffix}");
        try
        {
            Directory.CreateDirectory(folder);
            RemoveAbandoned(folder);
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16))
            {
                KeepMode(target, stream);
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, target, overwrite: true);
        }
        catch
        {
            // File.Delete throws where the folder itself could not be made, which would hide the first error.
            if (File.Exists(temporary))
                File.Delete(temporary);
            throw;
        }
    }

    // Without this, processes that are killed while they write would fill the disk in the end.
    private static void RemoveAbandoned(string folder)
    {
        // A folder that may not be listed can be written none the less.
        var all = new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = 0 };
        foreach (string path in Directory.EnumerateFiles(folder, $".*{Suffix}", all).Where(IsAbandoned))
        {
            try
            {
                // Whoever still writes holds it: then this fails.
                using (new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
                    File.Delete(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // In use, or another's: no reason not to write this file.
                continue;
            }
        }
    }

    private static bool IsAbandoned(string path)
    {
        ReadOnlySpan<char> name = Path.GetFileName(path.AsSpan());
        return name.Length == NameLength && Guid.TryParseExact(name[1..^Suffix.Length], "N", out _) && DateTime.UtcNow - File.GetLastWriteTimeUtc(path) > abandoned;
    }

    /// <summary>A file that only its owner may read stays so.</summary>
    private static void KeepMode(string target, FileStream stream)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(target))
            return;
        UnixFileMode mode = File.GetUnixFileMode(target);
        if (mode != File.GetUnixFileMode(stream.SafeFileHandle))
            File.SetUnixFileMode(stream.SafeFileHandle, mode);
    }

    // .NET does not tell the kind of a file: pipes and devices state no length, and refuse to be given one.
    // The stream that finds out is the one to write to: a pipe's reader would take a second opening for the end.
    private static FileStream? OpenPipeOrDevice(string path, string target)
    {
        // Links of /proc to open pipes name nothing that exists, though they can be opened.
        if (OperatingSystem.IsWindows() || !File.Exists(path) || (File.Exists(target) && new FileInfo(target).Length > 0))
            return null;
        FileStream stream;
        try
        {
            stream = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, 0);
        }
        catch (FileNotFoundException)
        {
            // A link to what is yet to be made.
            return null;
        }

        try
        {
            if (!stream.CanSeek)
                return stream;
            stream.SetLength(0);
        }
        catch (IOException)
        {
            return stream;
        }

        stream.Dispose();
        return null;
    }
}
