using System.Globalization;

namespace VkInception.BindingGenerator;

/// <summary>Writes enumerations and bit masks.</summary>
internal static class EnumWriter
{
    public static string Write(Registry registry, Selection selection)
    {
        var source = new SourceText(registry);
        source.Line("namespace Silk.NET.Vulkan;");
        foreach (TypeEntry type in selection.Types.Where(t => t.Kind == TypeKind.Enum))
        {
            source.Line();
            if (registry.Enums.TryGetValue(type.Name, out EnumEntry? entry))
                Write(source, entry, [.. selection.Members(entry)]);
            else
                Write(source, new EnumEntry(type.Name, Flags: true, Wide: false, []), []);
        }
        return source.ToString();
    }

    private static void Write(SourceText source, EnumEntry entry, EnumMember[] members)
    {
        string underlying = entry.Wide ? "ulong" : "int";
        if (entry.Flags)
            source.Line("[System.Flags]");
        source.Open($"internal enum {SilkNames.Type(entry.Name)} : {underlying}");
        var written = new HashSet<string>(StringComparer.Ordinal);
        if (entry.Flags && !members.Any(m => SilkNames.EnumMember(entry.Name, m.Name) == "None"))
            source.Line("None = 0,");
        foreach (EnumMember member in members)
        {
            string name = SilkNames.EnumMember(entry.Name, member.Name);
            if (written.Add(name))
                source.Line($"{name} = {Value(entry, member.Value)},");
        }
        source.Close();
    }

    private static string Value(EnumEntry entry, long value)
    {
        if (!entry.Flags)
            return value.ToString(CultureInfo.InvariantCulture);
        if (entry.Wide)
            return "0x" + value.ToString("X", CultureInfo.InvariantCulture);
        return value > int.MaxValue ? $"unchecked((int)0x{value:X})" : "0x" + value.ToString("X", CultureInfo.InvariantCulture);
    }
}
