using System.Xml.Linq;

namespace VkInception.BindingGenerator;

/// <summary>Gathers the members of every enumeration: its own, and those that versions and extensions add.</summary>
internal static class EnumReader
{
    public static Dictionary<string, EnumEntry> Read(XElement root)
    {
        var members = new Dictionary<string, List<EnumMember>>(StringComparer.Ordinal);
        var entries = new Dictionary<string, EnumEntry>(StringComparer.Ordinal);
        foreach (XElement element in root.Elements("enums").Where(RegistryReader.IsVulkan))
        {
            if ((string?)element.Attribute("type") is not ("enum" or "bitmask"))
                continue;
            string name = RegistryReader.Required(element, "name");
            bool wide = (string?)element.Attribute("bitwidth") == "64";
            members[name] = [];
            entries[name] = new EnumEntry(name, (string?)element.Attribute("type") == "bitmask", wide, members[name]);
            foreach (XElement member in element.Elements("enum").Where(RegistryReader.IsVulkan))
                Add(members[name], member, origin: null, extensionNumber: 0);
        }
        foreach (XElement feature in root.Elements("feature").Where(RegistryReader.IsVulkan))
            AddFrom(feature, members, extensionNumber: 0);
        foreach (XElement extension in root.Elements("extensions").Elements("extension"))
        {
            if (((string?)extension.Attribute("supported") ?? "").Split(',').Contains("vulkan"))
                AddFrom(extension, members, Number(RegistryReader.Required(extension, "number")));
        }
        return entries;
    }

    private static void AddFrom(XElement block, Dictionary<string, List<EnumMember>> members, int extensionNumber)
    {
        string origin = RegistryReader.Required(block, "name");
        foreach (XElement member in block.Elements("require").Where(RegistryReader.IsVulkan).Elements("enum").Where(RegistryReader.IsVulkan))
        {
            if ((string?)member.Attribute("extends") is { } extends && members.TryGetValue(extends, out List<EnumMember>? list))
                Add(list, member, origin, extensionNumber);
        }
    }

    private static void Add(List<EnumMember> list, XElement element, string? origin, int extensionNumber)
    {
        string name = RegistryReader.Required(element, "name");
        if (element.Attribute("alias") is null)
            list.Add(new EnumMember(name, Value(element, extensionNumber), origin));
    }

    /// <summary>Extension values are 1000000000 + (number of the extension - 1) * 1000 + offset, negated by <c>dir</c>.</summary>
    private static long Value(XElement element, int extensionNumber)
    {
        if ((string?)element.Attribute("value") is { } value)
            return RegistryReader.ParseNumber(value);
        if ((string?)element.Attribute("bitpos") is { } bit)
            return 1L << Number(bit);
        if ((string?)element.Attribute("extnumber") is { } number)
            extensionNumber = Number(number);
        long offset = Number(RegistryReader.Required(element, "offset"));
        long result = 1_000_000_000L + ((extensionNumber - 1) * 1000L) + offset;
        return (string?)element.Attribute("dir") == "-" ? -result : result;
    }

    private static int Number(string text) => checked((int)Math.Clamp(RegistryReader.ParseNumber(text), int.MinValue, int.MaxValue));
}
