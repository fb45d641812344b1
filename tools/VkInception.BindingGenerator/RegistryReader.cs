using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml;
using System.Xml.Linq;

namespace VkInception.BindingGenerator;

/// <summary>Reads <c>vk.xml</c>; what belongs to Vulkan SC alone is passed over.</summary>
public static partial class RegistryReader
{
    public static Registry Read(string path)
    {
        XElement root = Load(path);
        if (root.Name != "registry")
            throw new GeneratorException($"{path}: not a Vulkan registry (its root is <{root.Name}>)");
        Dictionary<string, TypeEntry> types = ReadTypes(root);
        return new Registry
        {
            Version = ReadVersion(root, path),
            Types = types,
            Commands = ReadCommands(root),
            Enums = EnumReader.Read(root),
            Constants = ReadConstants(root),
            Extensions = ReadExtensions(root),
        };
    }

    /// <summary>Whether an element belongs to Vulkan (and not to Vulkan SC alone).</summary>
    internal static bool IsVulkan(XElement element)
    {
        string? api = (string?)element.Attribute("api");
        return api is null || api.Split(',').Contains("vulkan");
    }

    private static XElement Load(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return XDocument.Load(stream, LoadOptions.PreserveWhitespace).Root!;
        }
        catch (XmlException e)
        {
            throw new GeneratorException($"{path}: not well-formed XML: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new GeneratorException($"{path}: cannot be read: {e.Message}", e);
        }
    }

    private static string ReadVersion(XElement root, string path)
    {
        string header = "";
        string complete = "";
        foreach (XElement type in root.Elements("types").Elements("type").Where(IsVulkan))
        {
            switch ((string?)type.Element("name"))
            {
                case "VK_HEADER_VERSION": header = type.Value.Trim().Split(' ')[^1]; break;
                case "VK_HEADER_VERSION_COMPLETE": complete = type.Value; break;
                default: break;
            }
        }
        Match match = CompleteVersion().Match(complete);
        if (!match.Success || header.Length == 0)
            throw new GeneratorException($"{path}: does not state VK_HEADER_VERSION_COMPLETE");
        return $"{match.Groups[1].Value}.{match.Groups[2].Value}.{header}";
    }

    private static Dictionary<string, TypeEntry> ReadTypes(XElement root)
    {
        var types = new Dictionary<string, TypeEntry>(StringComparer.Ordinal);
        foreach (XElement element in root.Elements("types").Elements("type").Where(IsVulkan))
        {
            string? name = (string?)element.Attribute("name") ?? (string?)element.Element("name")
                ?? (string?)element.Element("proto")?.Element("name");
            if (name is not null)
                types[name] = ReadType(element, name);
        }
        return types;
    }

    private static TypeEntry ReadType(XElement element, string name)
    {
        string? alias = (string?)element.Attribute("alias");
        string declared = element.Value;
        switch ((string?)element.Attribute("category"))
        {
            case "struct": return new TypeEntry(name, TypeKind.Struct, alias, ReadMembers(element.Elements("member")));
            case "union": return new TypeEntry(name, TypeKind.Union, alias, ReadMembers(element.Elements("member")));
            case "enum": return new TypeEntry(name, TypeKind.Enum, alias, []);
            case "basetype": return new TypeEntry(name, TypeKind.Base, alias, []);
            case "handle":
                bool dispatchable = !declared.Contains("NON_DISPATCHABLE", StringComparison.Ordinal);
                return new TypeEntry(name, TypeKind.Handle, alias, [], Dispatchable: dispatchable);
            case "bitmask":
                string? bits = (string?)element.Attribute("requires") ?? (string?)element.Attribute("bitvalues");
                bool wide = declared.Contains("VkFlags64", StringComparison.Ordinal);
                return new TypeEntry(name, TypeKind.Bitmask, alias, [], bits, wide);
            case "funcpointer" when element.Element("proto") is { } proto:
                return new TypeEntry(name, TypeKind.FunctionPointer, alias, ReadMembers(element.Elements("param")), Returns: ReadMember(proto).Returned());
            case "funcpointer": return ReadFunctionPointer(element, name);
            default: return new TypeEntry(name, TypeKind.Other, alias, []);
        }
    }

    private static string Returned(this MemberEntry proto) => proto.Type + new string('*', proto.Pointers);

    /// <summary>Function pointers are C text: <c>typedef R (VKAPI_PTR *NAME)(type name, …);</c>.</summary>
    private static TypeEntry ReadFunctionPointer(XElement element, string name)
    {
        Match match = FunctionPointer().Match(element.Value);
        if (!match.Success)
            throw new GeneratorException($"{name}: its declaration is not understood");
        var parameters = new List<MemberEntry>();
        foreach (string text in match.Groups[2].Value.Split(',').Select(p => p.Trim()).Where(p => p is not ("" or "void")))
        {
            string[] words = text.Replace("*", " * ", StringComparison.Ordinal).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            string type = words.First(w => w is not ("const" or "struct" or "*"));
            parameters.Add(new MemberEntry(words[^1], type, words.Count(w => w == "*"), words[0] == "const", [], null, null));
        }
        string returns = match.Groups[1].Value.Replace(" ", "", StringComparison.Ordinal);
        return new TypeEntry(name, TypeKind.FunctionPointer, null, parameters, Returns: returns);
    }

    private static List<MemberEntry> ReadMembers(IEnumerable<XElement> elements) =>
        [.. elements.Where(IsVulkan).Select(ReadMember)];

    private static MemberEntry ReadMember(XElement element)
    {
        string name = (string?)element.Element("name") ?? throw new GeneratorException($"a member has no name: {Short(element)}");
        string type = (string?)element.Element("type") ?? throw new GeneratorException($"{name}: a member has no type");
        string text = string.Concat(element.Nodes().Where(n => n is not XElement { Name.LocalName: "comment" })
            .Select(n => n is XElement e ? e.Value : n.ToString()));
        string[] lengths = [.. ArrayLength().Matches(text).Select(m => m.Groups[1].Value.Trim())];
        return new MemberEntry(
            name,
            type,
            text.Count(c => c == '*'),
            text.TrimStart().StartsWith("const ", StringComparison.Ordinal),
            lengths,
            (string?)element.Attribute("len"),
            (string?)element.Attribute("values"),
            BitField().IsMatch(text));
    }

    private static Dictionary<string, CommandEntry> ReadCommands(XElement root)
    {
        var commands = new Dictionary<string, CommandEntry>(StringComparer.Ordinal);
        foreach (XElement element in root.Elements("commands").Elements("command").Where(IsVulkan))
        {
            if ((string?)element.Attribute("alias") is { } alias)
            {
                string aliasName = Required(element, "name");
                commands[aliasName] = new CommandEntry(aliasName, "", [], alias);
                continue;
            }
            MemberEntry proto = ReadMember(element.Element("proto") ?? throw new GeneratorException($"a command has no prototype: {Short(element)}"));
            commands[proto.Name] = new CommandEntry(proto.Name, proto.Returned(), ReadMembers(element.Elements("param")), null);
        }
        return commands;
    }

    private static List<ConstantEntry> ReadConstants(XElement root)
    {
        XElement? constants = root.Elements("enums").FirstOrDefault(e => (string?)e.Attribute("name") == "API Constants");
        return constants is null ? [] :
            [.. constants.Elements("enum").Where(e => IsVulkan(e) && e.Attribute("alias") is null)
                .Select(e => new ConstantEntry(Required(e, "name"), (string?)e.Attribute("type") ?? "uint32_t", Required(e, "value")))];
    }

    private static Dictionary<string, ExtensionEntry> ReadExtensions(XElement root)
    {
        var extensions = new Dictionary<string, ExtensionEntry>(StringComparer.Ordinal);
        foreach (XElement element in root.Elements("extensions").Elements("extension"))
        {
            string name = Required(element, "name");
            if (!((string?)element.Attribute("supported") ?? "").Split(',').Contains("vulkan"))
                continue;
            // What an extension adds only beside another extension is not asked for here.
            XElement[] required = [.. element.Elements("require").Where(r => IsVulkan(r) && r.Attribute("depends") is null && r.Attribute("extension") is null)];
            extensions[name] = new ExtensionEntry(
                name,
                [.. required.Elements("type").Select(t => Required(t, "name"))],
                [.. required.Elements("command").Select(c => Required(c, "name"))]);
        }
        return extensions;
    }

    internal static string Required(XElement element, string attribute) =>
        (string?)element.Attribute(attribute) ?? throw new GeneratorException($"an element lacks '{attribute}': {Short(element)}");

    internal static long ParseNumber(string text)
    {
        bool hexadecimal = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        if (hexadecimal && ulong.TryParse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong bits))
            return unchecked((long)bits);
        if (!hexadecimal && long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out long number))
            return number;
        throw new GeneratorException($"'{text}' stands in the registry where a number must");
    }

    private static string Short(XElement element)
    {
        string text = element.ToString(SaveOptions.DisableFormatting).ReplaceLineEndings(" ");
        return text.Length <= 120 ? text : text[..120] + "…";
    }

    [GeneratedRegex(@"\(\s*0\s*,\s*(\d+)\s*,\s*(\d+)\s*,")]
    private static partial Regex CompleteVersion();

    [GeneratedRegex(@"typedef\s+(.+?)\s*\(\s*VKAPI_PTR\s*\*\s*\w+\s*\)\s*\((.*)\)\s*;", RegexOptions.Singleline)]
    private static partial Regex FunctionPointer();

    [GeneratedRegex(@"\[([^\]]+)\]")]
    private static partial Regex ArrayLength();

    [GeneratedRegex(@"\w\s*:\s*\d+\s*$")]
    private static partial Regex BitField();
}
