using System.Globalization;
using System.Text.RegularExpressions;

namespace VkInception.Vulkan;

/// <summary>Reads the <c>#version</c> that a GLSL source begins with; only comments and space may come before it (GLSL 4.60, section 3.3).</summary>
internal static partial class ShaderVersion
{
    /// <summary>The number, 450 for instance; null where the source does not begin with one.</summary>
    public static int? Of(string glsl)
    {
        Match match = Directive().Match(glsl);
        return match.Success ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : null;
    }

    [GeneratedRegex(@"\A(?>\s+|//[^\n]*(?:\n|\z)|/\*.*?\*/)*#[ \t]*version[ \t]+([0-9]{1,4})\b", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Directive();
}
