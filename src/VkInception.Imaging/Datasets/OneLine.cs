namespace VkInception.Imaging.Datasets;

/// <summary>Keeps messages to one line, though the names of files and classes may hold line breaks.</summary>
internal static class OneLine
{
    public static bool IsNot(VkInceptionException error) => error.Message.AsSpan().IndexOfAny('\r', '\n') >= 0;

    public static VkInceptionException Of(VkInceptionException error) => new(error.Code, error.Message.ReplaceLineEndings(" "), error);
}
