using System.Text.RegularExpressions;
using Sweep.Tests.Client;

namespace Sweep.Tests.Architecture;

/// <summary>
/// ARCHITECTURE.md's table "Rooms": a room is one or several folders, named by their paths; a project's own files are one too (<c>silo/</c>).
/// Its last column lists what a room may depend on: rooms, packages by the start of their namespace, and the words <c>every room
/// above</c>. A project's name allows all its rooms in the rooms of others, and its own files alone in its own.
/// </summary>
internal sealed partial class RoomTable
{
    private const string AllAbove = "every room above";

    private readonly List<Room> _rooms = [];

    private RoomTable()
    {
    }

    public IReadOnlyList<Room> Rooms => _rooms;

    public static RoomTable Read() => Parse(File.ReadAllText(Path.Combine(SweepProcess.RepositoryRoot, "ARCHITECTURE.md")));

    public static RoomTable Parse(string markdown)
    {
        var table = new RoomTable();
        string section = Section().Match(markdown).Value;
        foreach (Match row in Row().Matches(section))
        {
            string allowed = row.Groups["allowed"].Value;
            string[] words = [.. Code().Matches(allowed).Select(m => m.Groups["text"].Value)];
            bool above = allowed.Contains(AllAbove, StringComparison.Ordinal);
            string[] folders = [.. Code().Matches(row.Groups["folders"].Value).Select(m => m.Groups["text"].Value)];
            table._rooms.Add(new Room(folders, words, above ? [.. table._rooms] : []));
        }

        return table;
    }

    /// <summary>The room that a namespace belongs to: that with the longest path; null for what is none of ours.</summary>
    public Room? Of(string space) => _rooms.Where(r => r.Prefix(space) > 0).MaxBy(r => r.Prefix(space));

    /// <summary>Whether types of one room may depend on a namespace.</summary>
    public bool Allows(Room room, string space) => Of(space) is { } other
        ? other == room || room.Above.Contains(other) || room.Allowed.Any(a => Names(a, room, other))
        : room.Allowed.Any(a => space == a || space.StartsWith(a + ".", StringComparison.Ordinal));

    private static bool Names(string allowed, Room room, Room other) => other.Folders.Contains(allowed, StringComparer.Ordinal) || (allowed.EndsWith('/')
        && other.Folder.StartsWith(allowed, StringComparison.Ordinal) && !room.Folder.StartsWith(allowed, StringComparison.Ordinal));

    [GeneratedRegex(@"^## Rooms.*?(?=^## |\z)", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Section();

    [GeneratedRegex(@"^\| (?<folders>`[^|]+) \|[^|]+\| (?<allowed>[^|]+) \|$", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Row();

    [GeneratedRegex("`(?<text>[^`]+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Code();
}
