using System.Text;

namespace VkInception.Weights;

/// <summary>Reads what torch.save writes since version 1.6: a zip file with the pickle <c>NAME/data.pkl</c> and the storages <c>NAME/data/KEY</c>.</summary>
internal static class TorchZipReader
{
    private const string Pickle = "/data.pkl";
    private const int MaxPickle = 32 << 20;

    /// <summary>Whether a zip file has torch's pickle in it.</summary>
    public static bool Matches(ZipDirectory directory) => FindPickle(directory) is not null;

    /// <summary>Reads the table of tensors; their elements stay in the file.</summary>
    public static Checkpoint Open(CheckpointFile file, ZipDirectory directory)
    {
        ZipMember pickle = FindPickle(directory)!;
        string root = pickle.Name[..^Pickle.Length];
        if (directory.Members.Any(member => member.Name.StartsWith($"{root}/code/", StringComparison.Ordinal)))
            throw file.Refused("is a TorchScript program, which is never run; save the weights alone: torch.save(model.state_dict(), …).");
        var builder = new TorchBuilder(file);
        using var content = new MemoryStream(directory.ReadMember(pickle, MaxPickle), writable: false);
        object? value = PickleMachine.Run(file, content, builder, out _);

        var members = new Dictionary<string, ZipMember>(StringComparer.Ordinal);
        foreach (TorchStorage storage in builder.Storages.Values)
            members.Add(storage.Key, FindStorage(file, directory, root, storage));
        return new TorchStateDict(file).Open("torch", value, IsBigEndian(file, directory, root), (storage, offset, length) =>
        {
            ZipMember member = members[storage.Key];
            return length == member.Size ? directory.OpenMember(member) : file.OpenSlice(member.DataOffset + offset, length);
        });
    }

    private static ZipMember? FindPickle(ZipDirectory directory) =>
        directory.Members.FirstOrDefault(member => member.Name.EndsWith(Pickle, StringComparison.Ordinal) && member.Name.IndexOf('/') == member.Name.Length - Pickle.Length);

    private static ZipMember FindStorage(CheckpointFile file, ZipDirectory directory, string root, TorchStorage storage)
    {
        ZipMember member = directory.Find($"{root}/data/{storage.Key}") ?? throw file.Damaged($"lacks storage '{storage.Key}', which its tensors refer to.");
        if (member.Deflated)
            throw file.Unsupported($"has its storage '{storage.Key}' compressed, which torch never does; pack the file without compression.");
        if (member.Size != storage.ByteLength)
            throw file.Damaged($"storage '{storage.Key}' has {member.Size} bytes where {storage.ByteLength} are due.");
        return member;
    }

    private static bool IsBigEndian(CheckpointFile file, ZipDirectory directory, string root)
    {
        const int longest = 16;
        if (directory.Find($"{root}/byteorder") is not { } member)
            return false;
        return Encoding.ASCII.GetString(directory.ReadMember(member, longest)) switch
        {
            "little" => false,
            "big" => true,
            string other => throw file.Damaged($"has a byte order '{other}'."),
        };
    }
}
