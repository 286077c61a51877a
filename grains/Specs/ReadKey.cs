using System.Text.Json.Nodes;

namespace Sweep.Grains.Specs;

/// <summary>A section's key as read: its values (one, or an axis') and where they stand.</summary>
/// <param name="Instances">What the values' kinds created; empty for ordinary values.</param>
/// <param name="Written">False for a default.</param>
internal sealed record ReadKey(SpecKey Key, int Line, IReadOnlyList<JsonNode> Values, IReadOnlyList<object> Instances, bool Written)
{
    /// <summary>All keys of a section, fixed ones first, then those that are axes.</summary>
    public static List<ReadKey> OfSection(SpecSection section, IReadOnlyList<ReadAxis> axes, Dictionary<string, List<ReadKey>> fixedKeys) =>
    [
        .. fixedKeys[section.Name],
        .. axes.Where(a => ReferenceEquals(a.Definition.Section, section))
            .Select(a => new ReadKey(a.Definition.Key!, a.Line, a.Values, a.Instances, Written: true)),
    ];
}
