using System.Text.Json.Serialization;

namespace Sweep.Grains.Coordination;

/// <summary>A sweep at a glance.</summary>
public sealed record SweepSummary
{
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required bool Paused { get; init; }

    /// <summary>Why it is paused, where nobody did that: a limit of its spec. Null otherwise.</summary>
    public string? Stopped { get; init; }

    /// <summary>What people wrote about it; null where nobody did.</summary>
    public SweepNote? Note { get; init; }

    public required DateTimeOffset Submitted { get; init; }

    public required int Total { get; init; }

    public required int Queued { get; init; }

    public required int Running { get; init; }

    public required int Completed { get; init; }

    public required int Failed { get; init; }

    public required int Cancelled { get; init; }

    /// <summary>Trials of later looks of a race, and those that confirm what tuning is to choose: they may yet be queued.</summary>
    public int Held { get; init; }

    /// <summary>Trials that a race turned out not to need.</summary>
    public int Pruned { get; init; }

    /// <summary>Looks that its race plans, or stages that its tuning does; 0 where nothing is decided on the way.</summary>
    public int Looks { get; init; }

    /// <summary>The look that results are gathered for, from 1; 0 where there is none (any more).</summary>
    public int Look { get; init; }

    /// <summary>Whether settings are tuned before anything is compared.</summary>
    [JsonIgnore]
    public bool Tunes { get; init; }

    /// <summary>Trials that may still have an attempt.</summary>
    [JsonIgnore]
    public int Unfinished => Queued + Running + Held;

    /// <summary>
    /// Sum of the estimated costs of all trials that aren't pruned: the most that it can cost; with <see cref="CostCompleted"/> it gives the progress.
    /// </summary>
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
