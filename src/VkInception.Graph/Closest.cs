namespace VkInception.Graph;

/// <summary>Finds the names nearest to one that was not found, for messages.</summary>
public static class Closest
{
    /// <summary>At most <paramref name="count"/> names, nearest first by edit distance; names that contain the word come first.</summary>
    public static IReadOnlyList<string> To(string name, IEnumerable<string> names, int count = 3)
        => [.. names.OrderBy(n => n.Contains(name, StringComparison.OrdinalIgnoreCase) ? 0 : 1).ThenBy(n => Distance(name, n)).ThenBy(n => n, StringComparer.Ordinal).Take(count)];

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int cost = char.ToUpperInvariant(a[i - 1]) == char.ToUpperInvariant(b[j - 1]) ? 0 : 1;
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + cost));
            }
        }
        return row[^1];
    }
}
