using System.Globalization;
using VkInception.Weights;

namespace VkInception.Training.Caffe;

/// <summary>A solver's fields with their ranges; every error names file, line and field.</summary>
internal sealed class SolverFields(PrototxtDocument document)
{
    public PrototxtMessage Root { get; } = document.Root;

    public bool Has(string name) => Root.Has(name);

    /// <summary>A number from 0 on.</summary>
    public float Number(string name, float otherwise)
    {
        float value = Root.Float(name) ?? otherwise;
        return value is >= 0 and <= float.MaxValue ? value : throw Damaged(name, string.Create(CultureInfo.InvariantCulture, $"must be at least 0, not {value}"));
    }

    /// <summary>A number from 0 on that must be there.</summary>
    public float Demand(string name, string? by = null)
        => Has(name) ? Number(name, 0) : throw new VkInceptionException(ErrorCode.FileDamaged, $"{document.Source}: {name} is missing{(by is null ? "" : $"; {by} needs it")}");

    /// <summary>A finite number of either sign that must be there.</summary>
    public float Signed(string name, string by)
    {
        float value = Root.Float(name) ?? Demand(name, by);
        return float.IsFinite(value) ? value : throw Damaged(name, "must be finite");
    }

    /// <summary>A whole number from 1 on; null where it is absent.</summary>
    public int? Count(string name, bool zeroIsNone = false)
    {
        if (Root.Int(name) is not { } value || (zeroIsNone && value == 0)) return null;
        return value >= 1 ? value : throw Damaged(name, $"must be at least 1, not {value}");
    }

    /// <summary>A file's name; null where it is absent.</summary>
    public string? FileName(string name)
    {
        const int Longest = 4096;
        return Root.Text(name) is not { } value || (value.Length is > 0 and <= Longest && !value.Any(char.IsControl)) ? Root.Text(name) : throw Damaged(name, "is no name that a file can have");
    }

    /// <summary>File and line of a field.</summary>
    public string At(string name) => $"{document.Source}:{Root.Fields.LastOrDefault(f => f.Name == name)?.Line ?? 1}";

    public VkInceptionException Damaged(string name, string problem) => new(ErrorCode.FileDamaged, $"{At(name)}: {name} {problem}");

    public VkInceptionException Unsupported(string name, string problem) => new(ErrorCode.UnsupportedFormat, $"{At(name)}: {name} {problem}");

    /// <summary>A piece of the file that is fit for a one-line message.</summary>
    public static string Shown(string text)
    {
        const int Most = 40;
        string cut = text.Length > Most ? text[..Most] + "…" : text;
        return $"\"{string.Concat(cut.Select(c => char.IsControl(c) ? '?' : c))}\"";
    }
}
