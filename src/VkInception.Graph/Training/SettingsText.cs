using System.Globalization;

namespace VkInception.Graph.Training;

/// <summary>A name with settings as one word of a command line, <c>step:gamma=0.1,epochs=30</c>; each setting must be asked for, or it is an error.</summary>
internal sealed class SettingsText
{
    private readonly string what;
    private readonly string shown;
    private readonly Dictionary<string, string> given = new(StringComparer.Ordinal);
    private readonly List<string> asked = [];

    /// <summary>Splits a text.</summary>
    /// <param name="what">What errors call it: <c>schedule</c>.</param>
    /// <param name="text">The name, and behind a colon settings with commas between them.</param>
    /// <param name="shown">What errors show in place of the text.</param>
    public SettingsText(string what, string text, string? shown = null)
    {
        this.what = what;
        this.shown = shown ?? text;
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        Name = (colon < 0 ? text : text[..colon]).Trim();
        if (colon < 0) return;
        foreach (string setting in text[(colon + 1)..].Split(','))
        {
            int equals = setting.IndexOf('=', StringComparison.Ordinal);
            string key = (equals < 0 ? setting : setting[..equals]).Trim();
            if (equals < 0) throw Wrong($"\"{key}\" has no value; write NAME:KEY=VALUE,KEY=VALUE");
            if (!given.TryAdd(key, setting[(equals + 1)..].Trim())) throw Wrong($"\"{key}\" stands twice");
        }
    }

    /// <summary>What stands before the colon.</summary>
    public string Name { get; }

    /// <summary>Adds a setting that was given apart, where it was.</summary>
    public void Add(string key, float? value)
    {
        if (value is { } number && !given.TryAdd(key, Number(number))) throw Wrong($"{key} is given both here and as an option of its own");
    }

    /// <summary>Whether a setting is given.</summary>
    public bool Has(string key)
    {
        asked.Add(key);
        return given.ContainsKey(key);
    }

    /// <summary>A finite number within bounds, or the default where it is not given.</summary>
    public double Number(string key, double otherwise, double low, double high)
        => Has(key) ? Number(key, given[key], low, high) : otherwise;

    /// <summary>A number of single precision, or the default where it is not given.</summary>
    public float Single(string key, float otherwise) => Has(key) ? (float)Number(key, given[key], double.MinValue, double.MaxValue) : otherwise;

    /// <summary>Finite numbers within bounds with slashes between them.</summary>
    public IEnumerable<double> Numbers(string key, double low, double high) => Has(key) ? given[key].Split('/').Select(v => Number(key, v, low, high)) : [];

    /// <summary>One of several words, the first where none is given.</summary>
    public string Word(string key, params string[] words)
    {
        if (!Has(key)) return words[0];
        return words.Contains(given[key], StringComparer.Ordinal) ? given[key] : throw Wrong($"{key} must be {string.Join(" or ", words)}, not \"{given[key]}\"");
    }

    /// <summary>The value, when every setting given has been asked for.</summary>
    public T Complete<T>(T value)
    {
        string? unknown = given.Keys.FirstOrDefault(k => !asked.Contains(k));
        if (unknown is null) return value;
        throw Wrong(asked.Count == 0 ? $"{Name} takes no settings" : $"{Name} has no setting \"{unknown}\"; it has {string.Join(", ", asked.Distinct())}");
    }

    /// <summary>An error of one line that begins with the text.</summary>
    public VkInceptionException Wrong(string problem) => new(ErrorCode.InvalidArgument, $"{what} \"{OneLine(shown)}\": {problem}");

    /// <summary>A number as it is written in such a text: it reads back as the same number.</summary>
    public static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A number of single precision as it is written in such a text.</summary>
    public static string Number(float value) => value.ToString("R", CultureInfo.InvariantCulture);

    private double Number(string key, string value, double low, double high)
    {
        if (!double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) || !double.IsFinite(number))
            throw Wrong($"{key} must be a number, not \"{OneLine(value)}\"");
        if (number >= low && number <= high) return number;
        throw Wrong(high < float.MaxValue ? $"{key} must be from {Number(low)} to {Number(high)}, not {Number(number)}" : $"{key} must be at least {Number(low)}, not {Number(number)}");
    }

    private static string OneLine(string value)
    {
        const int Most = 80;
        string cut = value.Length > Most ? value[..Most] + "…" : value;
        return string.Concat(cut.Select(c => char.IsControl(c) ? '?' : c));
    }
}
