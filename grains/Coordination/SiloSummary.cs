namespace Sweep.Grains.Coordination;

/// <summary>A worker process as the store knows it.</summary>
public sealed record SiloSummary
{
    /// <summary>A silo says that it lives every 10 s at least (<see cref="IWorkSource.HeartbeatAsync"/>).</summary>
    public static readonly TimeSpan SilentAfter = TimeSpan.FromSeconds(13);

    public required string Id { get; init; }

    /// <summary>How long it has sent no heartbeat though it has leases, by the store's clock; null where that is no longer than usual. It died, hangs, or is
    /// cut off.</summary>
    public TimeSpan? Silent { get; init; }

    public required DateTimeOffset FirstSeen { get; init; }

    /// <summary>Its last lease request or heartbeat, by the store's clock; null once its leases were reclaimed.</summary>
    public DateTimeOffset? LastSeen { get; init; }

    /// <summary>Where it keeps artifacts: a folder on its machine; null where it didn't say.</summary>
    public string? Artifacts { get; init; }

    /// <summary>What it trains on, in words; null where it didn't say.</summary>
    public string? Devices { get; init; }

    /// <summary>How many trials it works on at a time; null where it didn't say.</summary>
    public int? Slots { get; init; }

    /// <summary>What it can do beyond what every silo can.</summary>
    public Abilities Offers { get; init; }

    /// <summary>Leases it holds now.</summary>
    public required int Running { get; init; }

    /// <summary>
    /// How many of its leases wait for one of its slots. It takes some ahead where trials are short, so that a slot goes on while a result is committed.
    /// </summary>
    public int Waiting => Slots is { } slots ? Math.Max(0, Running - slots) : 0;

    public required int Completed { get; init; }

    /// <summary>Attempts that ended as <see cref="AttemptOutcome.Failed"/> on it, charged or not.</summary>
    public required int Failed { get; init; }

    /// <summary>Since when it gets no leases; null when it does.</summary>
    public DateTimeOffset? Quarantined { get; init; }

    /// <summary>Why it is quarantined.</summary>
    public string? Reason { get; init; }
}
