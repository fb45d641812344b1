namespace VkInception.BindingGenerator;

/// <summary>The generated sources, by file name, and what they were made from.</summary>
public sealed record Binding(string Version, IReadOnlyDictionary<string, string> Files, IReadOnlyList<string> AbsentExtensions)
{
    /// <summary>Generates from a registry file what <c>binding.txt</c> lists. The same registry gives the same bytes.</summary>
    public static Binding Generate(string registryPath)
    {
        Registry registry = RegistryReader.Read(registryPath);
        var selection = Selection.Make(registry, WantedList.Embedded());
        var types = new TypeNames(registry);
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            ["Enums.g.cs"] = EnumWriter.Write(registry, selection),
            ["Handles.g.cs"] = HandleWriter.Write(registry, selection),
            ["FunctionPointers.g.cs"] = FunctionPointerWriter.Write(registry, selection, types),
            ["Structs.g.cs"] = StructWriter.Write(registry, selection, types),
            ["Commands.g.cs"] = CommandWriter.WriteCore(registry, selection, types),
            ["Extensions.g.cs"] = CommandWriter.WriteExtensions(registry, selection, types),
        };
        return new Binding(registry.Version, files, selection.AbsentExtensions);
    }
}
