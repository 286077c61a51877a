namespace Sweep.Grains.Specs;

/// <summary>A section whose every key may become an axis under its dotted name.</summary>
public sealed record SpecSection(string Name, string Summary, IReadOnlyList<SpecKey> Keys);
