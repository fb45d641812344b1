namespace VkInception.Vulkan;

/// <summary>Turns what a compiler prints into one line.</summary>
internal static class ShaderCompilerMessages
{
    private const int Shown = 8;

    /// <summary>The error that a failed compilation is: every line that speaks of an error, the first few where there are many.</summary>
    public static VkInceptionException Failure(string fileName, string printed)
    {
        string[] lines = [.. printed.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)];
        string[] errors = [.. lines.Where(l => l.Contains("error:", StringComparison.Ordinal))];
        if (errors.Length == 0)
            errors = lines.Length > 0 ? lines : ["the compiler gave no reason"];
        string more = errors.Length > Shown ? $"; and {errors.Length - Shown} more" : "";
        return new VkInceptionException(ErrorCode.ShaderFailed, $"{fileName} does not compile: {string.Join("; ", errors.Take(Shown))}{more}");
    }
}
