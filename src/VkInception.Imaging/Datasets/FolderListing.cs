namespace VkInception.Imaging.Datasets;

/// <summary>Lists folders in an order that does not depend on the file system, hidden entries left out.</summary>
internal static class FolderListing
{
    public static string[] Files(string folder) => List(folder, Directory.GetFiles);

    public static string[] Folders(string folder) => List(folder, Directory.GetDirectories);

    private static string[] List(string folder, Func<string, string[]> list)
    {
        try
        {
            string[] entries = Array.FindAll(list(folder), path => !Path.GetFileName(path).StartsWith('.'));
            Array.Sort(entries, (a, b) => string.CompareOrdinal(Path.GetFileName(a), Path.GetFileName(b)));
            return entries;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new VkInceptionException(ErrorCode.InputOutput, $"{folder}: cannot be listed: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }
}
