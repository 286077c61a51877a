namespace Sweep.Grains.Coordination;

/// <summary>Reads what the store holds. Thread-safe; never blocks writers for long.</summary>
public interface ISweepReader : IAsyncDisposable
{
    Task<IReadOnlyList<SweepSummary>> ListAsync(CancellationToken cancellationToken);

    /// <summary>A sweep by its id or its name; null when there is none.</summary>
    Task<SweepSummary?> FindAsync(string nameOrId, CancellationToken cancellationToken);

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

    /// <summary>A data file that was stored with <see cref="ISweepOperations.StoreFileAsync"/>; null when it wasn't.</summary>
    Task<byte[]?> FileAsync(string sha256, CancellationToken cancellationToken);

    /// <summary>What operators asked of a sweep, or of silos; the latest first, at most so many.</summary>
    Task<IReadOnlyList<RequestRecord>> RequestsAsync(string sweepId, int most, CancellationToken cancellationToken);

    /// <summary>Trials that were deleted with their sweeps and are in no other, by when: for those who keep files of them.</summary>
    /// <param name="after">Only those after it, in this order; null: from the first on.</param>
    Task<IReadOnlyList<DeletedTrial>> DeletedAsync(DeletedTrial? after, int most, CancellationToken cancellationToken);

    /// <summary>Every silo the store has seen, by id.</summary>
    /// <summary>Those of some trials that are completed or cancelled in every sweep that has them: nobody goes on with them.</summary>
    Task<IReadOnlyList<string>> FinishedAsync(IReadOnlyCollection<string> trialIds, CancellationToken cancellationToken);

    Task<IReadOnlyList<SiloSummary>> SilosAsync(CancellationToken cancellationToken);
}
