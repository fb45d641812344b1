namespace VkInception.BindingGenerator;

/// <summary>Writes commands as methods over lazily loaded function pointers, with Silk.NET's overloads by reference.</summary>
internal static class CommandWriter
{
    public static string WriteCore(Registry registry, Selection selection, TypeNames types)
    {
        var source = new SourceText(registry, "Silk.NET.Core");
        source.Line("namespace Silk.NET.Vulkan;");
        source.Line();
        source.Open("internal unsafe partial class Vk");
        WriteConstants(source, registry);
        foreach (CommandEntry command in selection.CoreCommands)
            WriteCommand(source, command, types, extension: false);
        source.Close();
        return source.ToString();
    }

    public static string WriteExtensions(Registry registry, Selection selection, TypeNames types)
    {
        var source = new SourceText(registry, "Silk.NET.Core");
        foreach (ExtensionEntry extension in selection.Extensions.Where(e => e.Commands.Count > 0))
        {
            string name = SilkNames.ExtensionClass(extension.Name);
            source.Open($"namespace Silk.NET.Vulkan.Extensions.{SilkNames.ExtensionVendor(extension.Name)}");
            source.Open($"internal sealed unsafe partial class {name} : VulkanExtension, IVulkanExtension<{name}>");
            source.Line($"public const string ExtensionName = \"{extension.Name}\";");
            source.Line();
            source.Open($"private {name}(Vk vk, Instance instance) : base(vk, instance)");
            source.Close();
            source.Line();
            source.Line($"static string IVulkanExtension<{name}>.FirstCommand => \"{extension.Commands[0]}\";");
            source.Line();
            source.Line($"static {name} IVulkanExtension<{name}>.Create(Vk vk, Instance instance) => new(vk, instance);");
            foreach (string command in extension.Commands)
                WriteCommand(source, selection.Command(command), types, extension: true);
            source.Close();
            source.Close();
            source.Line();
        }
        return source.ToString();
    }

    private static void WriteConstants(SourceText source, Registry registry)
    {
        foreach (ConstantEntry constant in registry.Constants)
        {
            string name = SilkNames.Constant(constant.Name);
            string value = constant.Value.Trim('(', ')').Replace("ULL", "UL", StringComparison.Ordinal);
            string type = constant.Type switch { "uint64_t" => "ulong", "float" => "float", _ => "uint" };
            source.Line($"public const {type} {name} = {value};");
        }
    }

    private static void WriteCommand(SourceText source, CommandEntry command, TypeNames types, bool extension)
    {
        string name = SilkNames.Command(command.Name, extension);
        string returned = types.Returned(command.Returns);
        string pointer = $"delegate* unmanaged<{string.Join(", ", command.Parameters.Select(types.Name).Append(returned))}>";
        string field = char.ToLowerInvariant(name[0]) + name[1..];
        source.Line();
        source.Line($"private {pointer} {field};");
        source.Line();
        source.Open($"public {returned} {name}({string.Join(", ", command.Parameters.Select(p => $"{types.Name(p)} {SilkNames.Parameter(p.Name)}"))})");
        source.Line($"if ({field} == null)");
        source.Indented($"{field} = ({pointer})LoadFunction(\"{command.Name}\");");
        string call = $"{field}({string.Join(", ", command.Parameters.Select(p => SilkNames.Parameter(p.Name)))});";
        WriteCall(source, name, returned, call);
        source.Close();
        foreach (Passing[] passing in Overloads(command))
            WriteOverload(source, name, returned, command, passing, types);
    }

    private static void WriteCall(SourceText source, string name, string returned, string call)
    {
        // Later functions are asked for through the instance and the device made last, as in Silk.NET.
        string? current = name switch { "CreateInstance" => "CurrentInstance = *pInstance", "CreateDevice" => "CurrentDevice = *pDevice", _ => null };
        if (current is null)
        {
            source.Line(returned == "void" ? call : "return " + call);
            return;
        }
        source.Line("Result result = " + call);
        source.Line("if (result == Result.Success)");
        source.Indented(current + ";");
        source.Line("return result;");
    }

    private static void WriteOverload(SourceText source, string name, string returned, CommandEntry command, Passing[] passing, TypeNames types)
    {
        var declared = new List<string>();
        var passed = new List<string>();
        for (int i = 0; i < passing.Length; i++)
        {
            MemberEntry parameter = command.Parameters[i];
            string argument = SilkNames.Parameter(parameter.Name);
            string type = types.Name(parameter);
            string prefix = passing[i] switch { Passing.In => "ref readonly ", Passing.Ref => "ref ", Passing.Out => "out ", _ => "" };
            declared.Add($"{prefix}{(passing[i] == Passing.AsIs ? type : type[..^1])} {argument}");
            passed.Add(passing[i] == Passing.AsIs ? argument : parameter.Name + "Pointer");
        }
        source.Line();
        source.Open($"public {returned} {name}({string.Join(", ", declared)})");
        for (int i = 0; i < passing.Length; i++)
        {
            if (passing[i] == Passing.Out)
                source.Line($"{SilkNames.Parameter(command.Parameters[i].Name)} = new();");
        }
        for (int i = 0; i < passing.Length; i++)
        {
            if (passing[i] != Passing.AsIs)
                source.Line($"fixed ({types.Name(command.Parameters[i])} {command.Parameters[i].Name}Pointer = &{SilkNames.Parameter(command.Parameters[i].Name)})");
        }
        source.Indented($"{(returned == "void" ? "" : "return ")}{name}({string.Join(", ", passed)});");
        source.Close();
    }

    /// <summary>Every combination of pointer and reference, the one of pointers alone left out.</summary>
    private static IEnumerable<Passing[]> Overloads(CommandEntry command)
    {
        Passing[] possible = [.. command.Parameters.Select(p => ByReference(p, command))];
        int[] choices = [.. Enumerable.Range(0, possible.Length).Where(i => possible[i] != Passing.AsIs)];
        for (int mask = 1; mask < 1 << choices.Length; mask++)
        {
            var passing = new Passing[possible.Length];
            for (int i = 0; i < choices.Length; i++)
                passing[choices[i]] = (mask >> i & 1) != 0 ? possible[choices[i]] : Passing.AsIs;
            yield return passing;
        }
    }

    private static Passing ByReference(MemberEntry parameter, CommandEntry command)
    {
        if (parameter.Pointers == 2 && parameter.Type == "void" && !parameter.Const)
            return Passing.Ref;
        if (parameter.Pointers != 1 || parameter.Type is "void" or "char" or "VkAllocationCallbacks")
            return Passing.AsIs;
        if (parameter.Const)
            return Passing.In;
        // An array whose length comes back too is filled by a second call: a pointer, which may be null.
        bool filledBySecondCall = parameter.Length is { } length && command.Parameters.Any(p => p.Name == length && p.Pointers > 0);
        if (filledBySecondCall)
            return Passing.AsIs;
        // Silk.NET takes 32-bit numbers and sizes for counts, which go in and come out.
        return parameter.Type is "uint32_t" or "int32_t" or "size_t" ? Passing.Ref : Passing.Out;
    }

    private enum Passing { AsIs, In, Ref, Out }
}
