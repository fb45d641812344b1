namespace VkInception.BindingGenerator;

/// <summary>Writes handles: dispatchable ones are pointers, the others 64-bit numbers on every platform.</summary>
internal static class HandleWriter
{
    public static string Write(Registry registry, Selection selection)
    {
        var source = new SourceText(registry);
        source.Line("namespace Silk.NET.Vulkan;");
        foreach (TypeEntry type in selection.Types.Where(t => t.Kind == TypeKind.Handle))
        {
            string name = SilkNames.Type(type.Name);
            string number = type.Dispatchable ? "nint" : "ulong";
            source.Line();
            source.Open($"internal partial struct {name}");
            source.Line($"public {number} Handle;");
            source.Line();
            source.Open($"public {name}({number}? handle = null)");
            source.Line("Handle = handle ?? default;");
            source.Close();
            source.Close();
        }
        return source.ToString();
    }
}
