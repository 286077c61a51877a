namespace Sweep.Grains.Coordination;

/// <summary>What an operator asks of the cluster: a row in the store, which whoever decides carries out once.</summary>
public sealed record OperatorRequest(OperatorVerb Verb)
{
    /// <summary>Chosen by the requester: written again after a lost answer, it is the same request.</summary>
    public string Id { get; init; } = Guid.NewGuid().ToString("N");

    /// <summary>Null where it is of no sweep: <see cref="OperatorVerb.Unquarantine"/>.</summary>
    public string? SweepId { get; init; }

    /// <summary>Of which trials; null: of all that are in a state that it concerns. Ids that are not the sweep's are passed over.</summary>
    public IReadOnlyCollection<string>? Trials { get; init; }

    /// <summary>Of which silo: <see cref="OperatorVerb.Unquarantine"/>.</summary>
    public string? Silo { get; init; }

    /// <summary>What is to be noted: <see cref="OperatorVerb.Note"/>.</summary>
    public SweepNote? Note { get; init; }

    public static OperatorRequest Pause(string sweepId) => new(OperatorVerb.Pause) { SweepId = sweepId };

    public static OperatorRequest Resume(string sweepId) => new(OperatorVerb.Resume) { SweepId = sweepId };

    public static OperatorRequest Cancel(string sweepId, IReadOnlyCollection<string>? trials = null) =>
        new(OperatorVerb.Cancel) { SweepId = sweepId, Trials = trials };

    public static OperatorRequest Retry(string sweepId, IReadOnlyCollection<string>? trials = null) =>
        new(OperatorVerb.Retry) { SweepId = sweepId, Trials = trials };

    public static OperatorRequest Discard(string sweepId, IReadOnlyCollection<string> trials) =>
        new(OperatorVerb.Discard) { SweepId = sweepId, Trials = trials };

    public static OperatorRequest Delete(string sweepId) => new(OperatorVerb.Delete) { SweepId = sweepId };

    public static OperatorRequest Annotate(string sweepId, SweepNote note) => new(OperatorVerb.Note) { SweepId = sweepId, Note = note };

    public static OperatorRequest Unquarantine(string silo) => new(OperatorVerb.Unquarantine) { Silo = silo };
}

/// <summary>The numbers are stored.</summary>
public enum OperatorVerb
{
    /// <summary>No more leases of the sweep; running attempts learn of it at their next heartbeat.</summary>
    Pause = 0,

    Resume = 1,

    /// <summary>Queued trials now, running ones at their next heartbeat. Completed ones stay.</summary>
    Cancel = 2,

    /// <summary>Failed and cancelled trials are queued again with a fresh budget; a running one whose cancellation was asked for goes on.</summary>
    Retry = 3,

    /// <summary>The results of completed trials are discarded, and the trials queued again with a fresh budget.</summary>
    Discard = 4,

    /// <summary>A quarantined silo leases again, with a clean record.</summary>
    Unquarantine = 5,

    /// <summary>The sweep goes with all its trials, attempts and results; running attempts lose their leases. Silos remove what they keep of its
    /// trials.</summary>
    Delete = 6,

    /// <summary>A note takes the place of the sweep's; an empty one removes it. No trial changes.</summary>
    Note = 7,
}
