using Sweep.Grains.Coordination;

namespace Sweep.Silo;

/// <summary>How a silo works.</summary>
public sealed record SiloOptions
{
    /// <summary>Unique per process: <c>host/pid/random</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Trials at a time, one thread each.</summary>
    public required int Slots
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(Slots), value, "allowed: 1 or more");
    }

    /// <summary>Where weights, fits and samples go: one folder per trial.</summary>
    public required string ArtifactsDirectory { get; init; }

    /// <summary>The same for display, with the machine: <c>HOST:/path</c>; null says nothing to the store.</summary>
    public string? ArtifactsShown { get; init; }

    /// <summary>What the store is told of it; null says nothing, and only trials that every silo can run are leased.</summary>
    public SiloFacts? About { get; init; }

    /// <summary>Restricts the silo to one sweep; null works on any.</summary>
    public string? SweepId { get; init; }

    /// <summary>Stop when no trial is left that could still come to this silo, rather than wait for more.</summary>
    public bool StopWhenIdle { get; init; }

    /// <summary>A third of the lease, so that two heartbeats may be lost.</summary>
    public TimeSpan HeartbeatEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often the store is told at least that the silo lives, idle or not.</summary>
    public TimeSpan SeenEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long an idle slot waits before it asks again. Work is announced in a cluster, so there this only finds what was lost with another silo.
    /// </summary>
    public TimeSpan PollEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long an attempt may at least stall before it is given up (<see cref="Stalls.StallLimit"/>).</summary>
    public TimeSpan StallAfter { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often is looked whether one does.</summary>
    public TimeSpan StallCheckEvery { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Lease no more once an attempt was given up, and end when the others have ended: for who is started again. Otherwise it goes on with the slots
    /// that are left.</summary>
    public bool LeaveWhenStalled { get; init; }

    /// <summary>How often a training run is checkpointed: what a kill can cost.</summary>
    public TimeSpan CheckpointEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a draining silo waits for attempts to stop before it releases their trials all the same.</summary>
    public TimeSpan AbandonAfter { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>How long a draining silo tries to reach the store with what it has to report.</summary>
    public TimeSpan DrainWithin { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>The longest wait where it is known to pass soon (<see cref="Grains.Coordination.StoreException.IsBrief"/>).</summary>
    public TimeSpan BriefBackoff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait between two tries at an unreachable store.</summary>
    public TimeSpan MaxBackoff { get; init; } = TimeSpan.FromSeconds(15);
}
