namespace VkInception.BindingGenerator;

/// <summary>The C# types that stand for the registry's.</summary>
public sealed class TypeNames(Registry registry)
{
    private static readonly Dictionary<string, string> Primitives = new(StringComparer.Ordinal)
    {
        ["void"] = "void",
        ["char"] = "byte",
        ["float"] = "float",
        ["double"] = "double",
        ["int"] = "int",
        ["int8_t"] = "sbyte",
        ["uint8_t"] = "byte",
        ["int16_t"] = "short",
        ["uint16_t"] = "ushort",
        ["int32_t"] = "int",
        ["uint32_t"] = "uint",
        ["int64_t"] = "long",
        ["uint64_t"] = "ulong",
        ["size_t"] = "nuint",
        ["VkBool32"] = "Bool32",
        ["VkDeviceSize"] = "ulong",
        ["VkDeviceAddress"] = "ulong",
        ["VkSampleMask"] = "uint",
        ["VkFlags"] = "uint",
        ["VkFlags64"] = "ulong",
    };

    public static bool IsPrimitive(string name) => Primitives.ContainsKey(name);

    /// <summary>The C# name of a type; a bit mask without bits is a number, as in Silk.NET.</summary>
    public string Name(string vulkanName)
    {
        if (Primitives.TryGetValue(vulkanName, out string? primitive))
            return primitive;
        TypeEntry type = registry.Resolve(vulkanName);
        if (type.Kind == TypeKind.Other)
            throw new GeneratorException($"{vulkanName}: a type of another system; the binding has no name for it");
        if (type.Kind == TypeKind.Bitmask && type.Bits is null)
            return type.Wide ? "ulong" : "uint";
        return SilkNames.Type(type.Bits is { } bits ? registry.Resolve(bits).Name : type.Name);
    }

    public string Name(MemberEntry member)
    {
        ArgumentNullException.ThrowIfNull(member);
        return Name(member.Type) + new string('*', member.Pointers);
    }

    /// <summary>The C# name of a command's or function pointer's result, pointers included.</summary>
    public string Returned(string vulkanName)
    {
        ArgumentNullException.ThrowIfNull(vulkanName);
        string bare = vulkanName.TrimEnd('*');
        return Name(bare) + new string('*', vulkanName.Length - bare.Length);
    }

    /// <summary>The number of elements of a fixed array.</summary>
    public int ArrayLength(MemberEntry member)
    {
        ArgumentNullException.ThrowIfNull(member);
        long product = 1;
        foreach (string length in member.ArrayLengths)
        {
            string text = registry.Constants.FirstOrDefault(c => c.Name == length)?.Value ?? length;
            product *= RegistryReader.ParseNumber(text);
        }
        return checked((int)product);
    }
}
