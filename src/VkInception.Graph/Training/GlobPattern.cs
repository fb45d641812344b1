namespace VkInception.Graph.Training;

/// <summary>A pattern over names of parameters: <c>*</c> is any text, dots and slashes included, <c>?</c> is one character; it must fit the whole name.</summary>
/// <param name="Text">The pattern.</param>
public sealed record GlobPattern(string Text)
{
    /// <summary>Whether a name fits. Takes time in proportion to both lengths, whatever the pattern.</summary>
    public bool Matches(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        int p = 0, n = 0, star = -1, resume = 0;
        while (n < name.Length)
        {
            if (p < Text.Length && Text[p] == '*') (star, resume) = (p++, n);
            else if (p < Text.Length && (Text[p] == '?' || Text[p] == name[n])) (p, n) = (p + 1, n + 1);
            // Only the last star need give way: what stands before it has its earliest match.
            else if (star >= 0) (p, n) = (star + 1, ++resume);
            else return false;
        }
        return Text.AsSpan(p).TrimStart('*').IsEmpty;
    }

    /// <summary>The parameters that fit.</summary>
    /// <param name="parameters">To choose from.</param>
    /// <param name="purpose">What the pattern is for, for the message: <c>--freeze</c>.</param>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/> where none fits, with the closest names.</exception>
    public IReadOnlyList<Parameter> Select(IEnumerable<Parameter> parameters, string purpose)
    {
        Parameter[] all = [.. parameters], found = [.. all.Where(p => Matches(p.Name))];
        if (found.Length > 0) return found;
        string close = string.Join(", ", Closest.To(Text.Replace("*", "", StringComparison.Ordinal), all.Select(p => p.Name)));
        string hint = Text.Contains('*', StringComparison.Ordinal) ? "" : $" (\"{Text}*\" would be all that begins so)";
        throw new VkInceptionException(ErrorCode.InvalidArgument, $"{purpose} \"{Text}\": no parameter has such a name{hint}; the closest: {close}");
    }

    /// <summary>Every parameter that fits one of several patterns, each of which must fit some.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/> where one fits none.</exception>
    public static IReadOnlySet<Parameter> SelectAll(IEnumerable<string> patterns, IReadOnlyCollection<Parameter> parameters, string purpose)
        => patterns.SelectMany(p => new GlobPattern(p).Select(parameters, purpose)).ToHashSet();

    /// <inheritdoc/>
    public override string ToString() => Text;
}
