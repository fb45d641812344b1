namespace VkInception;

/// <summary>Tells files from what only looks like one: opening a pipe waits for its writer, and a device may have no end.</summary>
/// <remarks>Keeps nothing: any thread may call it.</remarks>
public static class RegularFile
{
    /// <summary>Bytes of a file, links followed; 0 for an empty one, a pipe or a device, null where there is none.</summary>
    /// <exception cref="IOException">Links that lead in a circle.</exception>
    /// <exception cref="UnauthorizedAccessException">The system refuses to look.</exception>
    public static long? LengthOf(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!File.Exists(path)) return null;
        FileInfo file = File.ResolveLinkTarget(path, returnFinalTarget: true) as FileInfo ?? new FileInfo(path);
        return file.Exists ? file.Length : null;
    }
}
