namespace VkInception.Import;

/// <summary>Collects what a graph file uses and the library lacks, so that one message names all of it.</summary>
/// <param name="source">The file.</param>
/// <param name="kind">What the file calls a node: "layer", "operator".</param>
internal sealed class UnsupportedNodes(string source, string kind)
{
    private const int MostNames = 12;
    private const int MostTypes = 40;
    private readonly Dictionary<string, List<string>> found = [];

    /// <summary>Notes a node.</summary>
    /// <param name="type">Its operator, with the reason where only this use of it is unsupported.</param>
    /// <param name="name">Its name.</param>
    public void Add(string type, string name)
    {
        if (!found.TryGetValue(type, out List<string>? names)) found[type] = names = [];
        names.Add(name);
    }

    /// <summary>Raises one error that lists everything noted.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.UnsupportedOperator"/>.</exception>
    public void ThrowIfAny()
    {
        if (found.Count == 0) return;
        string all = string.Join("; ", found.Take(MostTypes).Select(f => $"{f.Key} ({Names(f.Value)})")) + (found.Count > MostTypes ? $"; and {found.Count - MostTypes} further types" : "");
        throw new VkInceptionException(ErrorCode.UnsupportedOperator, $"{source}: uses {kind}s that are not supported: {all}");
    }

    private static string Names(List<string> names)
        => string.Join(", ", names.Take(MostNames)) + (names.Count > MostNames ? $" and {names.Count - MostNames} more" : "");
}
