using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Storage;

// The reader's rows, as Dapper fills them: one file, since each is only the shape of one query in SweepQueries.
internal sealed class SummaryRow
{
    public string Id { get; set; } = "";

    public string Name { get; set; } = "";

    public bool Paused { get; set; }

    public string? Stopped { get; set; }

    public string? Note { get; set; }

    public long Submitted { get; set; }

    public int Total { get; set; }

    public int Queued { get; set; }

    public int Running { get; set; }

    public int Completed { get; set; }

    public int Failed { get; set; }

    public int Cancelled { get; set; }

    public int Held { get; set; }

    public int Pruned { get; set; }

    public int Looks { get; set; }

    public int Look { get; set; }

    /// <summary>Quotes in text are escaped in JSON, so that the key is found and nothing else.</summary>
    public int Tunes { get; set; }

    public double CostTotal { get; set; }

    public double CostCompleted { get; set; }

    public string? Trace { get; set; }

    public string? Host { get; set; }

    public long Sweep { get; set; }

    /// <param name="unserved">Of this sweep, by what they need.</param>
    public SweepSummary ToSummary(IEnumerable<UnservedRow> unserved) => new()
    {
        Id = Id,
        Name = Name,
        Paused = Paused,
        Stopped = Stopped,
        Note = StoredJson.ReadNote(Note),
        Submitted = StoredTime.Of(Submitted),
        Total = Total,
        Queued = Queued,
        Running = Running,
        Completed = Completed,
        Failed = Failed,
        Cancelled = Cancelled,
        Held = Held,
        Pruned = Pruned,
        Looks = Looks,
        Look = Look,
        Tunes = Tunes > 0,
        CostTotal = CostTotal,
        CostCompleted = CostCompleted,
        Trace = Trace,
        Host = Host,
        Unserved = unserved.Sum(row => row.Count),
        Lacking = unserved.Aggregate(Abilities.None, (lacking, row) => lacking | (Abilities)row.Needs),
    };
}

/// <summary>Queued trials of a sweep that no silo now there may lease.</summary>
internal sealed class UnservedRow
{
    public long Sweep { get; set; }

    public int Needs { get; set; }

    public int Count { get; set; }
}

/// <summary>What was submitted of a sweep.</summary>
internal sealed class SweepRow
{
    public long Sweep { get; set; }

    public string Id { get; set; } = "";

    public string Name { get; set; } = "";

    public string Resolved { get; set; } = "";

    public string Source { get; set; } = "";

    public byte[] Digest { get; set; } = [];

    /// <summary>Whether it is what was stored.</summary>
    public bool IsSound => RowDigest.OfSweep(Id, Name, Resolved, Source).AsSpan().SequenceEqual(Digest);
}

internal sealed class IdRow
{
    public long Trial { get; set; }

    public string Id { get; set; } = "";
}

internal sealed class TrialListRow
{
    public long Trial { get; set; }

    public long Sweep { get; set; }

    public long Ordinal { get; set; }

    public string Id { get; set; } = "";

    public string Spec { get; set; } = "";

    public byte[] Digest { get; set; } = [];

    public int State { get; set; }

    public int Attempts { get; set; }

    public int Failures { get; set; }

    public int Losses { get; set; }

    public string? Phase { get; set; }

    public double? Fraction { get; set; }

    public string? Silo { get; set; }

    public string? Message { get; set; }

    /// <summary>What is wrong with a completed trial that has no result.</summary>
    public const string MissingResult = "its result is missing";

    /// <param name="result">Null where it has none.</param>
    public TrialSummary ToSummary(TrialSpec trial, ReadResult? result) => new()
    {
        Trial = trial,
        State = (TrialStatus)State,
        Attempts = Attempts,
        Failures = Failures,
        Losses = Losses,
        Phase = Phase,
        Fraction = Fraction,
        Silo = Silo,
        Message = Message,
        Metrics = State == (int)TrialStatus.Completed ? result?.Result?.Metrics : null,
        Damage = State != (int)TrialStatus.Completed ? null : result is { } read ? read.Problem : MissingResult,
    };
}

internal sealed class CauseRow
{
    public int Outcome { get; set; }

    public int Count { get; set; }
}

internal sealed class AttemptRow
{
    public int Attempt { get; set; }

    public string Silo { get; set; } = "";

    public int Outcome { get; set; }

    public long Started { get; set; }

    public long? Ended { get; set; }

    public string? Message { get; set; }

    public bool Charged { get; set; }

    public string? Artifacts { get; set; }

    public AttemptRecord ToRecord() => new()
    {
        Attempt = Attempt,
        Silo = Silo,
        Outcome = (AttemptOutcome)Outcome,
        Started = StoredTime.Of(Started),
        Ended = Ended is { } ended ? StoredTime.Of(ended) : null,
        Message = Message,
        Charged = Charged,
        Artifacts = Artifacts,
    };
}

internal sealed class SiloListRow
{
    public string Id { get; set; } = "";

    public long FirstSeen { get; set; }

    public long? LastSeen { get; set; }

    public string? Artifacts { get; set; }

    public string? Devices { get; set; }

    public int? Slots { get; set; }

    public int Offers { get; set; }

    public int Running { get; set; }

    public int Completed { get; set; }

    public int Failed { get; set; }

    public long? Quarantined { get; set; }

    public string? Reason { get; set; }

    /// <param name="now">The store's clock.</param>
    public SiloSummary ToSummary(long now) => new()
    {
        Id = Id,
        Silent = Running > 0 && LastSeen is { } last && now - last > SiloSummary.SilentAfter.TotalMilliseconds ? TimeSpan.FromMilliseconds(now - last) : null,
        FirstSeen = StoredTime.Of(FirstSeen),
        LastSeen = LastSeen is { } seen ? StoredTime.Of(seen) : null,
        Artifacts = Artifacts,
        Devices = Devices,
        Slots = Slots,
        Offers = (Abilities)Offers,
        Running = Running,
        Completed = Completed,
        Failed = Failed,
        Quarantined = Quarantined is { } since ? StoredTime.Of(since) : null,
        Reason = Reason,
    };
}
