namespace Sweep.Diffusion.Datasets;

/// <summary>Offers the names nearest to a misspelt one.</summary>
internal static class NearestName
{
    /// <summary>Up to three of <paramref name="names"/> by edit distance, nearest first.</summary>
    internal static IEnumerable<string> Of(string name, IEnumerable<string> names) =>
        names.OrderBy(n => EditDistance(name, n)).ThenBy(n => n, StringComparer.Ordinal).Take(3);

    /// <summary>Levenshtein's distance, ignoring case.</summary>
    private static int EditDistance(string a, string b)
    {
        int[] row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (int i = 0; i < a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i + 1;
            for (int j = 0; j < b.Length; j++)
            {
                int change = diagonal + (char.ToUpperInvariant(a[i]) == char.ToUpperInvariant(b[j]) ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(change, Math.Min(row[j], row[j + 1]) + 1);
            }
        }

        return row[^1];
    }
}
