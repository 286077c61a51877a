namespace Sweep.Grains.Coordination;

/// <summary>Reads what the store holds. Thread-safe; never blocks writers for long.</summary>
public interface ISweepReader : IWorkerReader, IAsyncDisposable
{
    Task<IReadOnlyList<SweepSummary>> ListAsync(CancellationToken cancellationToken);

    /// <summary>The resolved spec (JSON) and the source as written.</summary>
    Task<(string ResolvedJson, string Source)> SpecAsync(string sweepId, CancellationToken cancellationToken);

    /// <summary>A page of trials in spec order, filtered by state.</summary>
    Task<IReadOnlyList<TrialSummary>> TrialsAsync(
        string sweepId, TrialStatus? state, int skip, int take, CancellationToken cancellationToken);

    /// <summary>A page of trials, filtered and sorted.</summary>
    Task<IReadOnlyList<TrialSummary>> TrialsAsync(string sweepId, TrialQuery query, CancellationToken cancellationToken);

    /// <summary>How many attempts of a sweep ended otherwise than completed, by cause.</summary>
    Task<IReadOnlyDictionary<AttemptOutcome, int>> CausesAsync(string sweepId, CancellationToken cancellationToken);

    /// <summary>One trial with its attempts; the id may be a unique prefix. Null when there is none.</summary>
    /// <exception cref="ArgumentException">The prefix fits several trials.</exception>
    Task<TrialDetail?> TrialAsync(string sweepId, string trialIdOrPrefix, CancellationToken cancellationToken);

    /// <summary>Completed trials with results, streamed in spec order. Each result is checked against the digest that it was stored with.</summary>
    /// <param name="sweepId">The sweep.</param>
    /// <param name="damaged">Told of each trial whose result fails that check, which is then left out; null: the first one ends the stream.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="StoreException">A result is damaged, and <paramref name="damaged"/> is null.</exception>
    IAsyncEnumerable<CompletedTrial> CompletedAsync(string sweepId, Action<DamagedTrial>? damaged, CancellationToken cancellationToken);

    /// <summary>The looks of a race that were judged, the first one first; empty for what is no race.</summary>
    Task<IReadOnlyList<JudgedLook>> LooksAsync(string sweepId, CancellationToken cancellationToken);

    /// <summary>What operators asked of a sweep, or of silos; the latest first, at most so many.</summary>
    Task<IReadOnlyList<RequestRecord>> RequestsAsync(string sweepId, int most, CancellationToken cancellationToken);
}
