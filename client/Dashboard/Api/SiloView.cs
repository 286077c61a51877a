using Sweep.Grains.Coordination;

namespace Sweep.Client.Dashboard.Api;

/// <summary>A silo as listed on the page.</summary>
internal sealed record SiloView
{
    /// <summary>A silo polls for work three times per lease duration.</summary>
    private static readonly TimeSpan SilentAfter = new CoordinatorOptions().LeaseDuration * 2;

    public required string Id { get; init; }

    /// <summary>active, idle, silent or quarantined.</summary>
    public required string State { get; init; }

    /// <summary>Description; null if the silo didn't report one.</summary>
    public required string? Devices { get; init; }

    /// <summary>Null if the silo didn't report it.</summary>
    public required int? Slots { get; init; }

    public required IReadOnlyList<SiloTrialView> Running { get; init; }

    public required int Completed { get; init; }

    public required int Failed { get; init; }

    public required DateTimeOffset FirstSeen { get; init; }

    public required DateTimeOffset? LastSeen { get; init; }

    public required DateTimeOffset? Quarantined { get; init; }

    public required string? Reason { get; init; }

    public required string? Artifacts { get; init; }

    public static SiloView Of(SiloSummary silo, IEnumerable<RunningAttemptSummary> running, DateTimeOffset now) => new()
    {
        Id = silo.Id,
        State = silo.Quarantined is not null ? "quarantined"
            : silo.LastSeen is not { } seen || now - seen > SilentAfter ? "silent"
            : silo.Running > 0 ? "active" : "idle",
        Devices = silo.Devices,
        Slots = silo.Slots,
        Running = [.. running.Select(r => new SiloTrialView(r.SweepId, r.SweepName, r.TrialId, r.Phase, r.Fraction))],
        Completed = silo.Completed,
        Failed = silo.Failed,
        FirstSeen = silo.FirstSeen,
        LastSeen = silo.LastSeen,
        Quarantined = silo.Quarantined,
        Reason = silo.Reason,
        Artifacts = silo.Artifacts,
    };
}
