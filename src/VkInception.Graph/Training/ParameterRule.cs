namespace VkInception.Graph.Training;

/// <summary>What some parameters' learning rate and weight decay are multiplied by.</summary>
/// <param name="Pattern">Which parameters.</param>
/// <param name="Rate">Multiplier of the learning rate; null leaves what an earlier rule said.</param>
/// <param name="Decay">Multiplier of the weight decay; null leaves what an earlier rule said.</param>
public sealed record ParameterRule(GlobPattern Pattern, float? Rate, float? Decay)
{
    /// <summary>Reads a rule as <see cref="ToString"/> writes it: <c>inception_5*:lr=0.1,decay=0</c>, either of them or both.</summary>
    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/>, with what is allowed.</exception>
    public static ParameterRule Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        // A name may hold colons itself; settings hold none.
        int colon = text.LastIndexOf(':');
        var settings = new SettingsText("parameter rule", colon < 0 ? text : $"a rule{text[colon..]}", shown: text);
        float? rate = settings.Has("lr") ? (float)settings.Number("lr", 0, 0, float.MaxValue) : null;
        float? decay = settings.Has("decay") ? (float)settings.Number("decay", 0, 0, float.MaxValue) : null;
        settings.Complete(0);
        if (colon <= 0 || (rate is null && decay is null)) throw settings.Wrong("write PATTERN:lr=NUMBER, PATTERN:decay=NUMBER or PATTERN:lr=NUMBER,decay=NUMBER");
        return new ParameterRule(new GlobPattern(text[..colon]), rate, decay);
    }

    /// <summary>The rule as <see cref="Parse"/> reads it.</summary>
    public override string ToString()
        => $"{Pattern}:{string.Join(',', new[] { Setting("lr", Rate), Setting("decay", Decay) }.Where(s => s.Length > 0))}";

    private static string Setting(string name, float? value) => value is { } number ? $"{name}={SettingsText.Number(number)}" : "";
}
