namespace VkInception.Benchmarks.Suite;

/// <summary>What the suite measures and where it writes.</summary>
internal sealed record SuiteOptions
{
    public string Out { get; init; } = "suite";

    public string Model { get; init; } = "googlenet";

    /// <summary>Fewer batches, sizes and runs.</summary>
    public bool Quick { get; init; }

    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/>.</exception>
    public static SuiteOptions Parse(string[] words)
    {
        var found = new SuiteOptions();
        var rest = new Queue<string>(words);
        while (rest.TryDequeue(out string? word))
            found = word switch
            {
                "--out" => found with { Out = Words.Value(word, rest) },
                "--model" => found with { Model = Words.Value(word, rest) },
                "--quick" => found with { Quick = true },
                _ => throw Words.Unknown(word),
            };
        return found;
    }
}
