namespace VkInception.Fuzz;

/// <summary>A folder of this process for readers that open files; in memory where the system has such a place.</summary>
internal static class Scratch
{
    private static readonly Lazy<string> folder = new(Make);

    public static string PathOf(string name) => Path.Combine(folder.Value, name);

    /// <summary>Replaces the file's content, without flushing it anywhere.</summary>
    public static string Write(string name, byte[] content)
    {
        string path = PathOf(name);
        File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>An empty folder.</summary>
    public static string Folder(string name) => Directory.CreateDirectory(PathOf(name)).FullName;

    private static string Make()
    {
        const string memory = "/dev/shm";
        string path = Path.Combine(Directory.Exists(memory) ? memory : Path.GetTempPath(), $"vkinception-fuzz-{Guid.NewGuid():N}");
        Directory.CreateDirectory(path);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(path, recursive: true);
        return path;
    }
}
