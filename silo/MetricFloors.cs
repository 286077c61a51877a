namespace Sweep.Silo;

/// <summary>What fresh true samples score, compared with the test points; null where a metric does not apply.</summary>
internal sealed record MetricFloors
{
    /// <summary>Mean true log-density of the test points, nats.</summary>
    public required double? LogLikelihood { get; init; }

    /// <summary>The mean distance between two test points: part of every energy distance, computed once.</summary>
    public required double WithinTest { get; init; }

    public required double EnergyDistance { get; init; }

    public required double SlicedWasserstein2 { get; init; }

    /// <summary>Null where the distribution function isn't known.</summary>
    public required double? KlEquiprobable { get; init; }

    public required double? ModeCoverage { get; init; }

    public required double? ModePrecision { get; init; }
}
