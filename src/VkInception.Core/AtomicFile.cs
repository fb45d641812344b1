namespace VkInception;

/// <summary>Writes files so that a reader, or a crash, sees the old content or the new, never a part.</summary>
public static class AtomicFile
{
    /// <summary>Writes beside <paramref name="path"/>, flushes to the disk and renames over it. Creates the folder.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InputOutput"/> when the system refuses; what existed is intact.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        string full = Path.GetFullPath(path);
        string temporary = $"{full}.{Environment.ProcessId}-{Guid.NewGuid():N}.tmp";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, full, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            RemoveWhereMade(temporary);
            throw new VkInceptionException(ErrorCode.InputOutput, $"{path}: cannot be written: {e.Message}", e);
        }
        catch
        {
            RemoveWhereMade(temporary);
            throw;
        }
    }

    /// <summary>Writes <paramref name="content"/> as <see cref="Write(string, Action{Stream})"/> does.</summary>
    public static void Write(string path, ReadOnlyMemory<byte> content) => Write(path, stream => stream.Write(content.Span));

    /// <summary>File.Delete throws where the folder itself could not be made, which would hide the first error.</summary>
    private static void RemoveWhereMade(string temporary)
    {
        if (File.Exists(temporary))
            File.Delete(temporary);
    }
}
