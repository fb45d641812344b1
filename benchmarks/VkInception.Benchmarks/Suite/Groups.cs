namespace VkInception.Benchmarks.Suite;

/// <summary>Titles of the suite's tables.</summary>
internal static class Groups
{
    public const string Batch = "Inference by batch";
    public const string Size = "Inference by image size, batch 1";
    public const string Train = "Training step by batch";
    public const string Half = "Half precision";

    public static IReadOnlyList<string> All => [Batch, Size, Train, Half];
}
