namespace VkInception.Imaging;

/// <summary>Reads a file into memory, and nothing that only looks like a file.</summary>
internal static class PhotoFile
{
    public static byte[] Read(string path, long maxBytes, string kind = "an image file")
    {
        try
        {
            if (Directory.Exists(path)) throw new VkInceptionException(ErrorCode.FileNotFound, $"{path}: is a folder; give {kind}");
            if (!File.Exists(path)) throw new VkInceptionException(ErrorCode.FileNotFound, $"{path}: no such file");

            // Opening a pipe would wait for its writer; the system states a length of 0 for pipes and devices, so they end here.
            var target = File.ResolveLinkTarget(path, returnFinalTarget: true) as FileInfo ?? new FileInfo(path);
            if (target.Length == 0) throw Damage.Found(path, "is empty (0 bytes), or not a regular file");

            using var handle = File.OpenHandle(path, options: FileOptions.SequentialScan);
            long length = RandomAccess.GetLength(handle);
            if (length > maxBytes || length > Array.MaxLength)
                throw new VkInceptionException(ErrorCode.FileRefused, $"{path}: {length} bytes are over the limit of {maxBytes} for {kind}");
            return Fill(handle, path, new byte[length]);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new VkInceptionException(ErrorCode.FileNotFound, $"{path}: no such file, or a link to none", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new VkInceptionException(ErrorCode.InputOutput, $"{path}: cannot be read: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    private static byte[] Fill(Microsoft.Win32.SafeHandles.SafeFileHandle handle, string path, byte[] content)
    {
        for (int done = 0; done < content.Length;)
        {
            int read = RandomAccess.Read(handle, content.AsSpan(done), done);
            if (read == 0) throw Damage.Found(path, "became shorter while it was read");
            done += read;
        }
        return content;
    }
}
