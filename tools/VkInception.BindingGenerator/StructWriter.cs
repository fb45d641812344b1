namespace VkInception.BindingGenerator;

/// <summary>Writes structures and unions: sequential layout, Silk.NET's field names, a constructor of optional arguments.</summary>
internal static class StructWriter
{
    public static string Write(Registry registry, Selection selection, TypeNames types)
    {
        var source = new SourceText(registry, "System.Diagnostics.CodeAnalysis", "System.Runtime.CompilerServices", "System.Runtime.InteropServices", "Silk.NET.Core");
        source.Line("namespace Silk.NET.Vulkan;");
        foreach (TypeEntry type in selection.Types.Where(t => t.Kind is TypeKind.Struct or TypeKind.Union))
        {
            source.Line();
            Write(source, type, types);
        }
        return source.ToString();
    }

    private static void Write(SourceText source, TypeEntry type, TypeNames types)
    {
        string name = SilkNames.Type(type.Name);
        bool union = type.Kind == TypeKind.Union;
        source.Line(union ? "[StructLayout(LayoutKind.Explicit)]" : "[StructLayout(LayoutKind.Sequential)]");
        source.Open($"internal unsafe partial struct {name}");
        foreach (MemberEntry member in type.Members)
        {
            if (union)
                source.Line("[FieldOffset(0)]");
            WriteField(source, member, types);
        }
        if (!union)
            WriteConstructors(source, name, type, types);
        source.Close();
    }

    private static void WriteField(SourceText source, MemberEntry member, TypeNames types)
    {
        if (member.BitField)
            throw new GeneratorException($"{member.Name}: bit fields are not supported; leave its structure out of binding.txt");
        string field = SilkNames.Field(member.Name);
        string element = types.Name(member);
        if (member.ArrayLengths.Count == 0)
        {
            source.Line($"public {element} {field};");
            return;
        }
        int length = types.ArrayLength(member);
        if (member.Pointers == 0 && element is "byte" or "sbyte" or "short" or "ushort" or "int" or "uint" or "long" or "ulong" or "float" or "double")
        {
            source.Line($"public fixed {element} {field}[{length}];");
            return;
        }
        source.Line($"public {field}Buffer {field};");
        source.Line();
        source.Line($"[InlineArray({length})]");
        source.Open($"internal struct {field}Buffer");
        source.Line($"public {element} Element0;");
        source.Line();
        source.Line($"[UnscopedRef] public System.Span<{element}> AsSpan() => MemoryMarshal.CreateSpan(ref Element0, {length});");
        source.Close();
        source.Line();
    }

    private static void WriteConstructors(SourceText source, string name, TypeEntry type, TypeNames types)
    {
        MemberEntry[] settable = [.. type.Members.Where(m => m.ArrayLengths.Count == 0)];
        if (settable.Length == 0)
            return;
        MemberEntry? structureType = Array.Find(settable, m => m.Value is not null);
        if (structureType is not null)
        {
            source.Line();
            source.Open($"public {name}()");
            source.Line($"{SilkNames.Field(structureType.Name)} = {StructureType(structureType)};");
            source.Close();
        }
        source.Line();
        source.Line($"public {name}(");
        for (int i = 0; i < settable.Length; i++)
            source.Indented(Argument(settable[i], types) + (i == settable.Length - 1 ? ")" : ","));
        source.Indented(": this()");
        source.Line("{");
        foreach (MemberEntry member in settable)
            source.Indented(Assignment(member));
        source.Line("}");
    }

    private static string StructureType(MemberEntry member) => $"StructureType.{SilkNames.EnumMember("VkStructureType", member.Value!)}";

    private static string Argument(MemberEntry member, TypeNames types)
    {
        string type = types.Name(member);
        string suffix = member.Value is not null ? $"? {member.Name} = {StructureType(member)}"
            : member.Pointers > 0 ? $" {SilkNames.Parameter(member.Name)} = null"
            : $"? {SilkNames.Parameter(member.Name)} = null";
        return type + suffix;
    }

    private static string Assignment(MemberEntry member)
    {
        string field = SilkNames.Field(member.Name);
        string argument = SilkNames.Parameter(member.Name);
        return member.Pointers > 0 ? $"{field} = {argument};" : $"if ({argument} is not null) {field} = {argument}.Value;";
    }
}
