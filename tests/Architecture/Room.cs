namespace Sweep.Tests.Architecture;

/// <summary>A row's folders, what its last column names, and the rooms above it where it says so.</summary>
internal sealed record Room(IReadOnlyList<string> Folders, IReadOnlyList<string> Allowed, IReadOnlyList<Room> Above)
{
    public string Folder => Folders[0];

    /// <summary>The first folder's namespace: <c>Sweep.Grains.Storage</c> for <c>grains/Storage</c>.</summary>
    public string Space => SpaceOf(Folder);

    /// <summary>How much of a namespace is that of a folder of the room; 0 where it is not in it.</summary>
    public int Prefix(string space) => Folders.Select(SpaceOf).Where(s => space == s || space.StartsWith(s + ".", StringComparison.Ordinal))
        .Select(s => s.Length).DefaultIfEmpty().Max();

    public override string ToString() => Folder;

    private static string SpaceOf(string folder) =>
        "Sweep." + string.Join('.', folder.TrimEnd('/').Split('/').Select(p => char.ToUpperInvariant(p[0]) + p[1..]));
}
