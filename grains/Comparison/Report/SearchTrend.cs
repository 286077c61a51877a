namespace Sweep.Grains.Comparison.Report;

/// <summary>
/// How the metric of <c>compare</c> changes along the ranges on one data set, for one arm: a regression over its settings, on all ranges together with the
/// other lists. See <see cref="Statistics.ClusteredRegression"/>.
/// </summary>
public sealed record SearchTrend
{
    /// <summary>Empty where there is but one.</summary>
    public required string Dataset { get; init; }

    /// <summary>Empty likewise.</summary>
    public required string Arm { get; init; }

    /// <summary>Settings with a value in every seed.</summary>
    public required int Settings { get; init; }

    /// <summary>Settings without one in some seed: they are left out.</summary>
    public required int LeftOut { get; init; }

    public required int Seeds { get; init; }

    /// <summary>By range, in the spec's order; empty with a reason.</summary>
    public IReadOnlyList<SearchSlope> Slopes { get; init; } = [];

    /// <summary>Why there is no regression; null where there is one.</summary>
    public string? Reason { get; init; }
}

/// <summary>The change along one range, all else equal.</summary>
/// <param name="Axis">Its name.</param>
/// <param name="Per">What the slope is per: <c>factor of 10</c>, <c>doubling</c>, <c>unit</c>.</param>
/// <param name="Slope">With its 95% interval, not adjusted for the number of slopes.</param>
/// <param name="Change">The same from the least value of the range to its largest.</param>
public sealed record SearchSlope(string Axis, string Per, DifferenceSection Slope, DifferenceSection Change);
