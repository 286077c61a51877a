namespace Sweep.Grains.Specs;

/// <summary>
/// The files that belong to a spec: those in its folder or below, after following links. A spec written by somebody else may name any other file of its user.
/// </summary>
public static class SpecFolder
{
    /// <summary>Linux's own limit.</summary>
    private const int MaxLinks = 40;

    /// <summary>Whether a file is in a folder or below it, with all links in both paths resolved.</summary>
    /// <exception cref="IOException">A link can't be read, or there are too many.</exception>
    public static bool Holds(string folder, string file)
    {
        string root = Resolve(folder);
        return Resolve(file).StartsWith(Path.EndsInDirectorySeparator(root) ? root : root + Path.DirectorySeparatorChar, StringComparison.Ordinal);
    }

    /// <summary>The path without links, <c>realpath</c>.</summary>
    private static string Resolve(string path)
    {
        string full = Path.GetFullPath(path), resolved = Path.GetPathRoot(full)!;
        Stack<string> rest = new(Segments(full[resolved.Length..]));
        int links = 0;
        while (rest.TryPop(out string? segment))
        {
            if (segment == "..")
            {
                resolved = Path.GetDirectoryName(resolved) ?? resolved;
                continue;
            }

            string next = Path.Combine(resolved, segment);
            if (new FileInfo(next).LinkTarget is not { } target)
            {
                resolved = next;
                continue;
            }

            if (++links > MaxLinks)
                throw new IOException($"too many links in {full}");
            if (Path.IsPathRooted(target))
                resolved = Path.GetPathRoot(target)!;
            foreach (string part in Segments(target))
                rest.Push(part);
        }

        return resolved;
    }

    /// <summary>The parts of a path, the last first.</summary>
    private static IEnumerable<string> Segments(string path) =>
        path.Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).Where(s => s != ".").Reverse();
}
