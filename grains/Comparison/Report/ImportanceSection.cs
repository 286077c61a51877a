namespace Sweep.Grains.Comparison.Report;

/// <summary>
/// How much of the variance of the metric of <c>compare</c> each axis explains on one data set: an analysis of variance over all its settings, on the seeds
/// that all of them have. See <see cref="Statistics.FactorialAnova"/>.
/// </summary>
public sealed record ImportanceSection
{
    /// <summary>Its name; empty where there is but one.</summary>
    public required string Dataset { get; init; }

    /// <summary>Seeds that every setting has a value for.</summary>
    public required IReadOnlyList<long> Seeds { get; init; }

    /// <summary>Axes in the spec's order, then pairs of them, then all further interactions together (no axes); empty with a reason.</summary>
    public IReadOnlyList<ImportanceEffect> Effects { get; init; } = [];

    /// <summary>The seeds' share; null with a reason.</summary>
    public double? SeedShare { get; init; }

    /// <summary>The share of what settings do differently from seed to seed; null with a reason.</summary>
    public double? ErrorShare { get; init; }

    public int? ErrorDegrees { get; init; }

    /// <summary>Why there is no analysis; null where there is one.</summary>
    public string? Reason { get; init; }
}

/// <summary>What one axis, or one pair of axes, explains.</summary>
/// <param name="Axes">One, two, or none for all interactions of three axes and more.</param>
/// <param name="Degrees">Degrees of freedom.</param>
/// <param name="F">Null where all seeds agree exactly.</param>
/// <param name="PValue">Not adjusted, exploratory; null likewise.</param>
/// <param name="Share">Omega squared, from 0 to 1: of all variance, seeds and error included.</param>
/// <param name="Low">Lower end of its 95% interval; null likewise.</param>
/// <param name="High">Upper end.</param>
public sealed record ImportanceEffect(IReadOnlyList<string> Axes, int Degrees, double? F, double? PValue, double Share, double? Low, double? High);
