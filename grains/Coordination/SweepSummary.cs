namespace Sweep.Grains.Coordination;

/// <summary>A sweep at a glance.</summary>
public sealed record SweepSummary
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required bool Paused { get; init; }

    /// <summary>Why it is paused, where nobody did that: a limit of its spec. Null otherwise.</summary>
    public string? Stopped { get; init; }

    public required DateTimeOffset Submitted { get; init; }

    public required int Total { get; init; }

    public required int Queued { get; init; }

    public required int Running { get; init; }

    public required int Completed { get; init; }

    public required int Failed { get; init; }

    public required int Cancelled { get; init; }

    /// <summary>Sum of the estimated costs of all trials; with <see cref="CostCompleted"/> it gives the progress.</summary>
    public required double CostTotal { get; init; }

    public required double CostCompleted { get; init; }

    /// <summary>Queued trials that no silo seen lately may lease, since none offers what they need.</summary>
    public int Unserved { get; init; }

    /// <summary>What those need.</summary>
    public Abilities Lacking { get; init; }

    /// <summary>The trace context (W3C traceparent) in which it was first submitted; null where it was in none.</summary>
    public string? Trace { get; init; }

    /// <summary>The silo that has its grain, or had it last; null where it has come up nowhere yet, and where there is no cluster.</summary>
    public string? Host { get; init; }
}
