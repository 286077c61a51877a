namespace Sweep.Grains.Specs;

/// <summary>An axis that a spec may have: a seam's kinds, a section's key, or variants, each a setting of several keys under one name.</summary>
/// <param name="Name">dataset, preprocessing, schedule, width, variant or a dotted name.</param>
/// <param name="Seam">The seam whose kinds are its values; null for ordinary values.</param>
/// <param name="Section">The section of <paramref name="Key"/>.</param>
/// <param name="Key">The key whose values it holds; null for the axes dataset, preprocessing, schedule and variant.</param>
/// <param name="DefaultKind">The kind when the spec is silent; null when it must not be.</param>
internal sealed record AxisDefinition(string Name, string? Seam, SpecSection? Section, SpecKey? Key, string? DefaultKind)
{
    /// <summary>The axis whose values set several keys at once.</summary>
    public static AxisDefinition Variant { get; } = new("variant", null, null, null, null);

    /// <summary>Every axis, in the order in which a sweep has them: what the spec's own order is changes nothing.</summary>
    public static IReadOnlyList<AxisDefinition> All { get; } =
    [
        new("dataset", "dataset", null, null, null),
        new("preprocessing", "preprocessing", null, null, "standardize"),
        new("schedule", "schedule", null, null, "vp-linear"),
        .. Keys(own: true),
        Variant,
        .. Keys(own: false),
    ];

    /// <summary>True for the axes that every sweep has.</summary>
    public bool Always => Key is null ? Seam is not null : Key.OwnAxis;

    /// <summary>True for the axes that stand under <c>axes</c> alone, by a name without a dot.</summary>
    private bool Bare => Key is null or { OwnAxis: true };

    /// <summary>Where a misplaced key belongs: <c>steps</c> is <c>training.steps or sampling.steps</c>. Null when nowhere.</summary>
    public static string? Home(string key)
    {
        var homes = All.Where(a => string.Equals(a.Key?.Name ?? a.Name, key, StringComparison.Ordinal))
            .Select(a => a.Bare ? "axes." + a.Name : a.Name)
            .ToList();
        return homes.Count == 0 ? null : string.Join(" or ", homes);
    }

    private static IEnumerable<AxisDefinition> Keys(bool own) =>
        from section in SpecSections.All
        from key in section.Keys
        where key.OwnAxis == own
        select new AxisDefinition(own ? key.Name : $"{section.Name}.{key.Name}", key.Seam, section, key, null);
}
