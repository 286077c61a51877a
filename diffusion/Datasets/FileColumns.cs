using Sweep.Diffusion.Kinds;

namespace Sweep.Diffusion.Datasets;

/// <summary>Finds columns by name.</summary>
internal static class FileColumns
{
    /// <summary>The index of each wanted column; all when <paramref name="wanted"/> is null.</summary>
    internal static int[] Choose(string path, IReadOnlyList<string> names, IReadOnlyList<string>? wanted)
    {
        if (wanted is null)
            return Enumerable.Range(0, names.Count).ToArray();
        return wanted.Select(name =>
        {
            int index = names.ToList().IndexOf(name);
            return index >= 0
                ? index
                : throw new KindException($"{path}:1: unknown column: {name}; allowed: {string.Join(", ", NearestName.Of(name, names))}"
                    + (names.Count > 3 ? $" (nearest of {names.Count})" : string.Empty));
        }).ToArray();
    }
}
