using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Text;

namespace Sweep.Diffusion.Datasets.Files;

/// <summary>Finds columns by name. Names are compared in Unicode's form C, so that a name is found however a keyboard composed it.</summary>
internal static class ColumnChoice
{
    /// <summary>
    /// The index of each wanted column, in the order wanted. Those that aren't wanted may be called anything: nothing, or what others are called.
    /// </summary>
    /// <param name="where">What errors begin with: the file, and the line of the names where there is one.</param>
    /// <param name="names">All names.</param>
    /// <param name="options">Which are wanted.</param>
    /// <exception cref="KindException">A wanted column isn't there, or has no name of its own.</exception>
    internal static int[] Of(string where, IReadOnlyList<string> names, TableOptions options)
    {
        string[] normal = [.. names.Select(Nfc.Normalize)];
        int[] chosen = options.Columns is { } wanted
            ? [.. wanted.Select(name => Find(where, names, normal, name))]
            : Others(where, names, normal, options.Except ?? []);
        if (chosen.Length == 0)
            throw new KindException($"except: {string.Join(", ", options.Except ?? [])}, all columns of {where}; allowed: names that leave at least one");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (int index in chosen)
        {
            if (string.IsNullOrWhiteSpace(names[index]))
                throw new KindException(
                    $"{where}: column {index + 1} of {names.Count} has no name; allowed: a name for every column that is used (leave it out with columns: "
                    + $"[...], or with except: [\"\"])");
            if (!seen.Add(normal[index]) || normal.Count(n => string.Equals(n, normal[index], StringComparison.Ordinal)) > 1)
                throw new KindException($"{where}: column named twice: {names[index]}; allowed: a name of its own for every column that is used");
        }

        return chosen;
    }

    private static int[] Others(string where, IReadOnlyList<string> names, string[] normal, IReadOnlyList<string> except)
    {
        foreach (string name in except)
            Find(where, names, normal, name);
        HashSet<string> left = [.. except.Select(Nfc.Normalize)];
        return [.. Enumerable.Range(0, names.Count).Where(i => !left.Contains(normal[i]))];
    }

    private static int Find(string where, IReadOnlyList<string> names, string[] normal, string name)
    {
        int index = Array.IndexOf(normal, Nfc.Normalize(name));
        return index >= 0
            ? index
            : throw new KindException($"{where}: unknown column: {name}; allowed: {string.Join(", ", NearestName.Of(name, names.Where(n => n.Length > 0)))}"
                + (names.Count > 3 ? $" (nearest of {names.Count})" : string.Empty));
    }
}
