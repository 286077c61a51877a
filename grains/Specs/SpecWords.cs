using System.Globalization;
using System.Text;

namespace Sweep.Grains.Specs;

/// <summary>Wording shared by all error messages. What a file holds is shown without control characters and shortened.</summary>
public static class SpecWords
{
    private const int MaxShown = 80;

    /// <summary>Text from a spec, fit for a terminal and one line.</summary>
    public static string Show(string text) => text.Length == 0 ? "(nothing)" : Clean(text.Length <= MaxShown ? text : text[..MaxShown] + "…");

    /// <summary>Without control characters.</summary>
    public static string Clean(string text)
    {
        if (!text.Any(Unprintable)) return text;
        var clean = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (Unprintable(c)) clean.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            else clean.Append(c);
        }

        return clean.ToString();
    }

    /// <summary><c>unknown key: stpes (did you mean steps?); allowed: …</c></summary>
    public static string Unknown(string what, string word, IEnumerable<string> allowed, string? elsewhere = null)
    {
        var all = allowed.ToList();
        var offer = elsewhere ?? Nearest(word, all);
        return $"unknown {what}: {Show(word)}{(offer is null ? "" : $" (did you mean {offer}?)")}; allowed: {string.Join(", ", all)}";
    }

    /// <summary>The known word that is meant most likely; null when none is near.</summary>
    public static string? Nearest(string word, IEnumerable<string> known)
    {
        // A key longer than any known one by this much is no typing error, and the distance costs the product of the lengths.
        if (word.Length > MaxShown) return null;
        string? best = null;
        var bestDistance = int.MaxValue;
        foreach (var candidate in known)
        {
            var distance = Distance(word.ToLowerInvariant(), candidate);
            var near = distance <= Math.Max(1, Math.Max(word.Length, candidate.Length) / 3)
                || (word.Length >= 3 && candidate.StartsWith(word, StringComparison.OrdinalIgnoreCase));
            if (!near || distance >= bestDistance) continue;
            best = candidate;
            bestDistance = distance;
        }

        return best;
    }

    /// <summary>Damerau-Levenshtein distance, optimal string alignment: insertions, deletions, substitutions and swaps of neighbours.</summary>
    public static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) d[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) d[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var substitution = d[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                d[i, j] = Math.Min(substitution, 1 + Math.Min(d[i - 1, j], d[i, j - 1]));
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        }

        return d[a.Length, b.Length];
    }

    // Format characters include the ones that reverse a line's direction.
    private static bool Unprintable(char c) =>
        char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
