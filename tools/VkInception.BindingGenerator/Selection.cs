namespace VkInception.BindingGenerator;

/// <summary>What is written: the wanted list and everything that it mentions, each in the registry's order.</summary>
public sealed class Selection
{
    private readonly Registry registry;
    private readonly WantedList wanted;
    private readonly HashSet<string> names = new(StringComparer.Ordinal);
    private readonly HashSet<string> structureTypes = new(StringComparer.Ordinal);

    private Selection(Registry registry, WantedList wanted) => (this.registry, this.wanted) = (registry, wanted);

    public IReadOnlyList<TypeEntry> Types { get; private set; } = [];

    public IReadOnlyList<CommandEntry> CoreCommands { get; private set; } = [];

    public IReadOnlyList<ExtensionEntry> Extensions { get; private set; } = [];

    public IReadOnlyList<string> AbsentExtensions { get; private set; } = [];

    public static Selection Make(Registry registry, WantedList wanted)
    {
        ArgumentNullException.ThrowIfNull(registry);
        ArgumentNullException.ThrowIfNull(wanted);
        var selection = new Selection(registry, wanted);
        selection.CoreCommands = [.. wanted.Commands.Select(selection.Command)];
        selection.Extensions = [.. wanted.Extensions.Where(registry.Extensions.ContainsKey).Select(e => registry.Extensions[e])];
        selection.AbsentExtensions = [.. wanted.Extensions.Where(e => !registry.Extensions.ContainsKey(e))];
        foreach (string type in wanted.Types.Concat(selection.Extensions.SelectMany(e => e.Types)))
            selection.Include(type);
        foreach (CommandEntry command in selection.CoreCommands.Concat(selection.Extensions.SelectMany(e => e.Commands).Select(selection.Command)))
            selection.Include(command);
        selection.Include("VkResult");
        selection.Include("VkStructureType");
        selection.Types = [.. registry.Types.Values.Where(t => selection.names.Contains(t.Name))];
        return selection;
    }

    /// <summary>The command of this name, an alias followed to what it stands for.</summary>
    public CommandEntry Command(string name)
    {
        if (!registry.Commands.TryGetValue(name, out CommandEntry? command))
            throw new GeneratorException($"{name}: registry {registry.Version} has no such command; take a newer vk.xml");
        return command.Alias is { } alias ? Command(alias) with { Name = name } : command;
    }

    /// <summary>The members of an enumeration that are written; structure types only where a structure of theirs is.</summary>
    public IEnumerable<EnumMember> Members(EnumEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        IEnumerable<EnumMember> members = entry.Members.DistinctBy(m => m.Name);
        return entry.Name == "VkStructureType"
            ? members.Where(m => structureTypes.Contains(m.Name))
            : members.Where(m => m.Origin is null || wanted.WholeEnums.Contains(entry.Name) || IsWanted(m.Origin));
    }

    private bool IsWanted(string origin) =>
        wanted.Extensions.Contains(origin)
        || (origin.StartsWith("VK_VERSION_", StringComparison.Ordinal)
            && Version.TryParse(origin["VK_VERSION_".Length..].Replace('_', '.'), out Version? version) && version <= wanted.Core);

    private void Include(CommandEntry command)
    {
        Include(command.Returns.TrimEnd('*'));
        foreach (MemberEntry parameter in command.Parameters)
            Include(parameter.Type);
    }

    private void Include(string name)
    {
        if (TypeNames.IsPrimitive(name))
            return;
        TypeEntry type = registry.Resolve(name);
        if (type.Kind is TypeKind.Other)
            return;
        if (!names.Add(type.Name))
            return;
        if (type.Bits is not null)
            Include(type.Bits);
        if (type.Returns is not null)
            Include(type.Returns.TrimEnd('*'));
        foreach (MemberEntry member in type.Members)
        {
            Include(member.Type);
            if (member.Value is not null && member.Type == "VkStructureType")
                structureTypes.Add(member.Value);
        }
    }
}
