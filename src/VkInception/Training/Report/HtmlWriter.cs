using System.Globalization;
using System.Text;

namespace VkInception.Training;

/// <summary>Builds a page: markup as it is, everything else escaped, since class and file names are anybody's.</summary>
internal sealed class HtmlWriter
{
    private const int LongestText = 400;
    private readonly StringBuilder page = new();

    /// <summary>Markup; what is put into it must be numbers.</summary>
    public HtmlWriter Markup(FormattableString markup)
    {
        page.Append(markup.ToString(CultureInfo.InvariantCulture));
        return this;
    }

    /// <summary>Markup.</summary>
    public HtmlWriter Raw(string markup)
    {
        page.Append(markup);
        return this;
    }

    /// <summary>Text, fit for an element's content and for an attribute in double quotes.</summary>
    public HtmlWriter Text(string text)
    {
        foreach (Rune rune in text.Length <= LongestText ? text.EnumerateRunes() : string.Concat(text.AsSpan(0, LongestText), "…").EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '<': page.Append("&lt;"); break;
                case '>': page.Append("&gt;"); break;
                case '&': page.Append("&amp;"); break;
                case '"': page.Append("&quot;"); break;
                case '\'': page.Append("&#39;"); break;
                default: page.Append(Rune.IsControl(rune) ? Rune.ReplacementChar : rune); break;
            }
        }
        return this;
    }

    /// <summary>A name that may run from right to left without turning what stands beside it.</summary>
    public HtmlWriter Name(string text) => Raw("<bdi>").Text(text).Raw("</bdi>");

    /// <summary>A picture within the page.</summary>
    public HtmlWriter Image(Picture picture, string alternative, string style) =>
        Markup($"<img class=\"{style}\" width=\"{picture.Width}\" height=\"{picture.Height}\" alt=\"").Text(alternative)
            .Raw("\" src=\"data:image/png;base64,").Raw(Convert.ToBase64String(picture.Png)).Raw("\">");

    /// <inheritdoc/>
    public override string ToString() => page.ToString();
}
