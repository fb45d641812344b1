using System.Globalization;

namespace VkInception.Benchmarks.Suite;

/// <summary>What one <see cref="Subject"/> runs.</summary>
internal sealed record SubjectOptions
{
    public string Model { get; init; } = "googlenet";

    public int Batch { get; init; } = 1;

    /// <summary>Height and width of the images; 0 for the model's own.</summary>
    public int Size { get; init; }

    public bool Train { get; init; }

    public string Precision { get; init; } = "fp32";

    /// <summary>The forward convolution kernel to take wherever it applies; null lets the device's own choice stand.</summary>
    public string? Kernel { get; init; }

    /// <summary>Whether kernels that <c>vkinception tune</c> found are left aside.</summary>
    public bool NoTuning { get; init; }

    /// <summary>Raw float32 values, N C H W, of which the first batch is the input; null makes some up.</summary>
    public string? Input { get; init; }

    /// <summary>Receives the result of the first run as raw float32 values.</summary>
    public string? Output { get; init; }

    public string[] Arguments()
    {
        List<string> words = ["subject", "--model", Model, "--batch", Text(Batch), "--size", Text(Size), "--precision", Precision];
        if (Train) words.Add("--train");
        if (NoTuning) words.Add("--no-tuning");
        if (Kernel is not null) words.AddRange(["--kernel", Kernel]);
        if (Input is not null) words.AddRange(["--input", Input]);
        if (Output is not null) words.AddRange(["--output", Output]);
        return [.. words];
    }

    /// <exception cref="VkInceptionException"><see cref="ErrorCode.InvalidArgument"/>.</exception>
    public static SubjectOptions Parse(string[] words)
    {
        var found = new SubjectOptions();
        var rest = new Queue<string>(words);
        while (rest.TryDequeue(out string? word))
            found = word switch
            {
                "--model" => found with { Model = Words.Value(word, rest) },
                "--batch" => found with { Batch = Words.Number(word, rest) },
                "--size" => found with { Size = Words.Number(word, rest) },
                "--train" => found with { Train = true },
                "--precision" => found with { Precision = Words.Value(word, rest) },
                "--no-tuning" => found with { NoTuning = true },
                "--kernel" => found with { Kernel = Words.Value(word, rest) },
                "--input" => found with { Input = Words.Value(word, rest) },
                "--output" => found with { Output = Words.Value(word, rest) },
                _ => throw Words.Unknown(word),
            };
        return found;
    }

    private static string Text(int value) => value.ToString(CultureInfo.InvariantCulture);
}
