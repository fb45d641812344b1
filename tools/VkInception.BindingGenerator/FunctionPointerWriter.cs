namespace VkInception.BindingGenerator;

/// <summary>Writes the callbacks that Vulkan calls, each wrapped in a Pfn structure as in Silk.NET.</summary>
internal static class FunctionPointerWriter
{
    public static string Write(Registry registry, Selection selection, TypeNames types)
    {
        var source = new SourceText(registry, "Silk.NET.Core");
        source.Line("namespace Silk.NET.Vulkan;");
        foreach (TypeEntry type in selection.Types.Where(t => t.Kind == TypeKind.FunctionPointer))
        {
            string name = SilkNames.Type(type.Name);
            string signature = string.Join(", ", type.Members.Select(types.Name).Append(types.Returned(type.Returns!)));
            string pointer = $"delegate* unmanaged[Cdecl]<{signature}>";
            source.Line();
            source.Open($"internal unsafe readonly struct {name}");
            source.Line($"private readonly {pointer} handle;");
            source.Line();
            source.Open($"public {name}({pointer} ptr)");
            source.Line("handle = ptr;");
            source.Close();
            source.Line();
            source.Line($"public {pointer} Handle => handle;");
            source.Line();
            source.Line($"public static implicit operator {name}({pointer} ptr) => new(ptr);");
            source.Close();
        }
        return source.ToString();
    }
}
