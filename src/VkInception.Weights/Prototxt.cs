namespace VkInception.Weights;

/// <summary>What the parts of the text format's reader share.</summary>
internal static class Prototxt
{
    /// <summary>A piece of a file that is fit for a one-line message.</summary>
    public static string Shorten(string text)
    {
        const int Most = 40;
        string cut = text.Length > Most ? text[..Most] + "…" : text;
        return string.Concat(cut.Select(c => char.IsControl(c) ? '?' : c));
    }
}
