namespace VkInception.BindingGenerator;

/// <summary>What to write, as <c>binding.txt</c> lists it.</summary>
public sealed record WantedList(
    Version Core,
    IReadOnlyList<string> WholeEnums,
    IReadOnlyList<string> Commands,
    IReadOnlyList<string> Types,
    IReadOnlyList<string> Extensions)
{
    /// <summary>The list that stands beside the generator's sources.</summary>
    public static WantedList Embedded()
    {
        using Stream stream = typeof(WantedList).Assembly.GetManifestResourceStream("binding.txt")
            ?? throw new GeneratorException("binding.txt is not embedded in the generator; build it anew");
        using var reader = new StreamReader(stream);
        return Parse(reader.ReadToEnd());
    }

    /// <summary>Reads a list; a line that is none of the known kinds is refused with its number.</summary>
    public static WantedList Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        (List<string> whole, List<string> commands, List<string> types, List<string> extensions) = ([], [], [], []);
        Version core = new(1, 0);
        int number = 0;
        foreach (string raw in text.Split('\n'))
        {
            number++;
            string line = raw.Split('#')[0].Trim();
            if (line.Length == 0)
                continue;
            string[] words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length != 2)
                throw new GeneratorException($"binding.txt({number}): expected KIND NAME, found '{line}'");
            switch (words[0])
            {
                case "core" when Version.TryParse(words[1], out Version? version): core = version; break;
                case "whole": whole.Add(words[1]); break;
                case "command": commands.Add(words[1]); break;
                case "type": types.Add(words[1]); break;
                case "extension": extensions.Add(words[1]); break;
                default: throw new GeneratorException($"binding.txt({number}): '{line}' is not understood");
            }
        }
        return new WantedList(core, whole, commands, types, extensions);
    }
}
