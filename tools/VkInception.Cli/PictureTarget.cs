using VkInception.Cli.Documents;
using VkInception.Training;

namespace VkInception.Cli;

/// <summary>Where pictures go: a folder, made where it is missing, or one file.</summary>
internal sealed class PictureTarget
{
    private readonly string path;
    private readonly bool isFile;
    private readonly HashSet<string> written = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Decides which of the two it is.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/>: a file for several pictures, or one that is no .png.</exception>
    public PictureTarget(string path, int pictures)
    {
        this.path = path;
        isFile = Path.GetExtension(path).Equals(".png", StringComparison.OrdinalIgnoreCase) && !Directory.Exists(path);
        if (isFile && pictures > 1)
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"{path}: is one file for {pictures} pictures; name a folder, or one picture by --filters, --node or --method");
        if (!isFile && File.Exists(path))
            throw new VkInceptionException(ErrorCode.InvalidArgument, $"{path}: is a file that is no .png; name a folder or a .png file");
    }

    /// <summary>Writes a picture.</summary>
    /// <param name="kind">What it shows.</param>
    /// <param name="node">Of which node.</param>
    /// <param name="name">Its name in the folder; what no file name may hold becomes a dash.</param>
    /// <param name="picture">The picture.</param>
    public PictureDocument Write(string kind, string node, string name, Picture picture)
    {
        string file = path;
        if (!isFile)
        {
            Directory.CreateDirectory(path);
            file = Path.Combine(path, Free(string.Concat(name.Select(c => char.IsLetterOrDigit(c) || c is '.' or '_' or '-' ? c : '-')).Trim('-', '.')));
        }

        AtomicFile.Write(file, picture.Png);
        return new PictureDocument(kind, node, file, picture.Width, picture.Height);
    }

    /// <summary>Two names may come to the same file name.</summary>
    private string Free(string name)
    {
        string free = name.Length == 0 ? "picture" : name;
        for (int i = 2; !written.Add(free); i++) free = $"{name}-{i}";
        return $"{free}.png";
    }
}
