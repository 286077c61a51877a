namespace Sweep.Grains.Storage.Guarded;

/// <summary>
/// What a sweep's grain writes of its trials. Each row is expected to be as the grain has it; where one isn't, nothing of the transaction is committed
/// (<see cref="RowsChangedException"/>). In this order: renewals, completions, beginnings.
/// </summary>
/// <param name="Sweep">The sweep's number.</param>
/// <param name="Expires">Until when leases stand that are renewed or given, ms since 1970.</param>
internal sealed record GuardedWrites(long Sweep, long Expires)
{
    /// <summary>Each trial at most once.</summary>
    public List<Renewal> Renewals { get; init; } = [];

    /// <summary>Each trial at most once.</summary>
    public List<Completion> Completions { get; init; } = [];

    /// <summary>Each trial at most once.</summary>
    public List<Beginning> Beginnings { get; init; } = [];

    /// <summary>Trials whose stored specs are asked for along with the writes.</summary>
    public List<long> Wanted { get; init; } = [];

    public bool IsEmpty => Renewals.Count == 0 && Completions.Count == 0 && Beginnings.Count == 0 && Wanted.Count == 0;
}

/// <summary>A running attempt whose lease is renewed: the trial's number, attempt and silo as they are, and how far it is.</summary>
internal readonly record struct Renewal(long Trial, int Attempt, long Silo, string Phase, double Fraction, double? Loss);

/// <summary>A running attempt that completed.</summary>
/// <param name="Began">Null where the store has the attempt; else when it began, ms since 1970, and the trial is expected to be queued.</param>
internal readonly record struct Completion(long Trial, string TrialId, int Attempt, long Silo, ResultContent Result, long? Began = null);

/// <summary>A queued trial that a silo gets; the attempt is the one that begins.</summary>
/// <param name="Began">When, ms since 1970.</param>
internal readonly record struct Beginning(long Trial, int Attempt, long Silo, long Began);
