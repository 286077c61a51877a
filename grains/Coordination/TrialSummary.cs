using Sweep.Grains.Specs;

namespace Sweep.Grains.Coordination;

/// <summary>A trial at a glance.</summary>
public sealed record TrialSummary
{
    public required TrialSpec Trial { get; init; }

    public required TrialStatus State { get; init; }

    public required int Attempts { get; init; }

    /// <summary>Failures charged to its present retry budget.</summary>
    public int Failures { get; init; }

    /// <summary>Leases of it that expired, in a row.</summary>
    public int Losses { get; init; }

    /// <summary>The running attempt's phase; null when not running.</summary>
    public string? Phase { get; init; }

    /// <summary>The running attempt's progress, 0 to 1.</summary>
    public double? Fraction { get; init; }

    public string? Silo { get; init; }

    /// <summary>The last failure's message.</summary>
    public string? Message { get; init; }

    /// <summary>Metrics, once completed; null where the result is damaged.</summary>
    public IReadOnlyDictionary<string, MetricValue>? Metrics { get; init; }

    /// <summary>What is wrong with a completed trial's stored result; null where nothing is.</summary>
    public string? Damage { get; init; }
}
