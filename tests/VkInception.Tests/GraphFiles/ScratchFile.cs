namespace VkInception.Tests.GraphFiles;

/// <summary>A file of given bytes under a given extension that is deleted with the test.</summary>
internal sealed class ScratchFile : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("vkinception-graphfiles-").FullName;

    public ScratchFile(string name, byte[] content)
    {
        Path = System.IO.Path.Combine(folder, name);
        File.WriteAllBytes(Path, content);
    }

    public string Path { get; }

    public void Rewrite(byte[] content) => File.WriteAllBytes(Path, content);

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
