namespace VkInception.BindingGenerator;

/// <summary>The part of the Vulkan registry that a binding needs, in the registry's own names.</summary>
public sealed class Registry
{
    /// <summary>VK_HEADER_VERSION_COMPLETE without the variant, such as 1.4.309.</summary>
    public required string Version { get; init; }

    public required IReadOnlyDictionary<string, TypeEntry> Types { get; init; }

    public required IReadOnlyDictionary<string, CommandEntry> Commands { get; init; }

    /// <summary>Members of each enumeration, those that extensions add included, in the registry's order.</summary>
    public required IReadOnlyDictionary<string, EnumEntry> Enums { get; init; }

    public required IReadOnlyList<ConstantEntry> Constants { get; init; }

    public required IReadOnlyDictionary<string, ExtensionEntry> Extensions { get; init; }

    /// <summary>The type that an alias stands for, or the type itself.</summary>
    public TypeEntry Resolve(string name)
    {
        for (int depth = 0; depth < 8 && Types.TryGetValue(name, out TypeEntry? type); depth++)
        {
            if (type.Alias is null)
                return type;
            name = type.Alias;
        }
        throw new GeneratorException($"{name}: the registry has no such type");
    }
}

public enum TypeKind { Struct, Union, Handle, Enum, Bitmask, FunctionPointer, Base, Other }

/// <summary>A type. <paramref name="Bits"/> is the enumeration of a bit mask's bits, <paramref name="Wide"/> its width of 64 bits.</summary>
public sealed record TypeEntry(
    string Name,
    TypeKind Kind,
    string? Alias,
    IReadOnlyList<MemberEntry> Members,
    string? Bits = null,
    bool Wide = false,
    bool Dispatchable = false,
    string? Returns = null);

/// <summary>A member of a structure or a parameter of a command.</summary>
/// <param name="Pointers">How many levels of pointer.</param>
/// <param name="ArrayLengths">Lengths of a fixed array: numbers or names of constants.</param>
/// <param name="Length">The registry's <c>len</c>: which parameter counts the elements behind the pointer.</param>
/// <param name="Value">The only value allowed (sType).</param>
public sealed record MemberEntry(
    string Name,
    string Type,
    int Pointers,
    bool Const,
    IReadOnlyList<string> ArrayLengths,
    string? Length,
    string? Value,
    bool BitField = false);

public sealed record CommandEntry(string Name, string Returns, IReadOnlyList<MemberEntry> Parameters, string? Alias);

/// <summary>An enumeration; <paramref name="Flags"/> where its members are bits.</summary>
public sealed record EnumEntry(string Name, bool Flags, bool Wide, IReadOnlyList<EnumMember> Members);

/// <param name="Origin">The extension that adds the member, or VK_VERSION_x_y, or null where the enumeration itself lists it.</param>
public sealed record EnumMember(string Name, long Value, string? Origin);

public sealed record ConstantEntry(string Name, string Type, string Value);

public sealed record ExtensionEntry(string Name, IReadOnlyList<string> Types, IReadOnlyList<string> Commands);
