namespace VkInception.Weights;

/// <summary>Reads <c>.npz</c>: a zip file of <c>.npy</c> arrays, stored or deflated; the members' names without <c>.npy</c> are the tensors'.</summary>
internal static class NpzReader
{
    /// <summary>Whether a zip file has arrays in it.</summary>
    public static bool Matches(ZipDirectory directory) => directory.Members.Any(IsArray);

    /// <summary>Reads the arrays' headers; elements are decompressed when a tensor is read.</summary>
    public static Checkpoint Open(CheckpointFile file, ZipDirectory directory)
    {
        IEnumerable<NamedTensor> tensors = directory.Members.Where(IsArray).Select(member => NpyReader.ReadTensor(
            file, member.Name[..^4], $"array '{member.Name}'", member.Size, () => directory.OpenMember(member)));
        IEnumerable<string> notes = directory.Members.Where(member => !IsArray(member)).Select(member => $"member '{member.Name}' is no array; left out");
        return new Checkpoint(file, "npz", tensors, notes: notes);
    }

    private static bool IsArray(ZipMember member) => member.Name.EndsWith(".npy", StringComparison.Ordinal);
}
