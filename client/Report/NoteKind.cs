using System.Text.RegularExpressions;
using Sweep.Grains.Comparison.Report;

namespace Sweep.Client.Report;

/// <summary>Notes that differ in numbers alone: a warning of every seed and width need not fill pages.</summary>
/// <param name="First">One of them.</param>
/// <param name="Count">How many there are.</param>
/// <param name="Groups">Where.</param>
internal sealed partial record NoteKind(string First, int Count, IReadOnlyList<GroupSection> Groups)
{
    public static IEnumerable<NoteKind> Of(IEnumerable<GroupSection> groups) => groups
        .SelectMany(g => g.Notes.Select(n => (Group: g, Note: n)))
        .GroupBy(n => Number().Replace(Seeds().Replace(n.Note, ""), "#"), StringComparer.Ordinal)
        .Select(kind => new NoteKind(kind.First().Note, kind.Count(), [.. kind.Select(n => n.Group).Distinct()]));

    [GeneratedRegex(@" ?\(seeds? [0-9, ]+\)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Seeds();

    [GeneratedRegex(@"[0-9]+(\.[0-9]+)?([eE]-?[0-9]+)?", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Number();
}
