using System.Text;

namespace VkInception.BindingGenerator;

/// <summary>Silk.NET's spelling of the registry's names.</summary>
internal static class SilkNames
{
    /// <summary>The vendors' suffixes that names carry.</summary>
    private static readonly string[] Vendors = ["KHR", "EXT", "NV", "AMD", "INTEL", "ARM", "QCOM", "NVX", "AMDX", "IMG", "GOOGLE", "HUAWEI", "VALVE", "MSFT", "LUNARG"];

    /// <summary>A type: <c>VkBufferUsageFlagBits</c> becomes BufferUsageFlags, <c>VkBufferCreateInfo</c> BufferCreateInfo.</summary>
    public static string Type(string name)
    {
        if (name.StartsWith("PFN_vk", StringComparison.Ordinal))
            return string.Concat("Pfn", name.AsSpan(6));
        return (name.StartsWith("Vk", StringComparison.Ordinal) ? name[2..] : name).Replace("FlagBits", "Flags", StringComparison.Ordinal);
    }

    /// <summary>A field: <c>pNext</c> becomes PNext, <c>deviceUUID</c> DeviceUuid (runs of three capitals and more are words).</summary>
    public static string Field(string name)
    {
        char[] text = name.ToCharArray();
        text[0] = char.ToUpperInvariant(text[0]);
        for (int start = 0; start < text.Length;)
        {
            int end = start;
            while (end < text.Length && char.IsUpper(text[end]))
                end++;
            if (end - start > 2)
            {
                for (int i = start + 1; i < end; i++)
                    text[i] = char.ToLowerInvariant(text[i]);
            }
            start = Math.Max(end, start + 1);
        }
        return new string(text);
    }

    /// <summary>A parameter: the registry's name, escaped where it is a keyword.</summary>
    public static string Parameter(string name) =>
        name is "object" or "event" or "params" or "in" or "out" or "ref" or "lock" or "string" or "base" ? "@" + name : name;

    /// <summary>A command: <c>vkCmdDispatch</c> becomes CmdDispatch; an extension's loses the vendor's suffix.</summary>
    public static string Command(string name, bool extension) =>
        extension && Vendor(name) is { } vendor ? name[2..^vendor.Length] : name[2..];

    /// <summary>A constant: <c>VK_WHOLE_SIZE</c> becomes WholeSize.</summary>
    public static string Constant(string name) => Pascal(name["VK_".Length..]);

    /// <summary>The class of an extension: <c>VK_EXT_debug_utils</c> becomes ExtDebugUtils.</summary>
    public static string ExtensionClass(string name) => Word(ExtensionVendor(name)) + Pascal(name[(name.IndexOf('_', 3) + 1)..]);

    /// <summary>The vendor of an extension: <c>VK_EXT_debug_utils</c> is EXT's.</summary>
    public static string ExtensionVendor(string name) => name.Split('_')[1];

    /// <summary>A member of an enumeration, without what it repeats of the enumeration's name: <c>VK_QUERY_TYPE_TIMESTAMP</c> becomes Timestamp.</summary>
    public static string EnumMember(string enumName, string member)
    {
        string[] prefix = EnumPrefix(enumName);
        string[] words = member["VK_".Length..].Split('_');
        int common = 0;
        while (common < prefix.Length && common < words.Length - 1 && string.Equals(prefix[common], words[common], StringComparison.OrdinalIgnoreCase))
            common++;
        if (common < prefix.Length && enumName != "VkResult")
            common = 0;
        if (common > 0 && char.IsDigit(words[common][0]))
            common--;
        return Pascal(string.Join('_', words[common..]));
    }

    private static string[] EnumPrefix(string enumName)
    {
        string name = enumName[2..];
        if (Vendor(name) is { } vendor)
            name = name[..^vendor.Length];
        name = name.Replace("FlagBits", "", StringComparison.Ordinal);
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (char c in name)
        {
            bool startsWord = char.IsUpper(c) || (char.IsDigit(c) && word.Length > 0 && !char.IsDigit(word[^1]));
            if (startsWord && word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }
            word.Append(c);
        }
        words.Add(word.ToString());
        return [.. words];
    }

    private static string? Vendor(string name) =>
        Array.Find(Vendors, v => name.EndsWith(v, StringComparison.Ordinal) && name.Length > v.Length && !char.IsUpper(name[^(v.Length + 1)]));

    private static string Pascal(string snake) => string.Concat(snake.Split('_').Select(Word));

    private static string Word(string word)
    {
        if (word is "NV" or "ID")
            return word;
        char[] text = word.ToLowerInvariant().ToCharArray();
        for (int i = 0; i < text.Length; i++)
        {
            // Letters after digits start a word (8BIT is 8Bit); two alone are an abbreviation (V3DV).
            bool starts = i == 0 || char.IsDigit(text[i - 1]);
            if (starts)
                text[i] = char.ToUpperInvariant(text[i]);
            if (starts && i > 0 && i == text.Length - 2)
                text[i + 1] = char.ToUpperInvariant(text[i + 1]);
        }
        return new string(text);
    }
}
