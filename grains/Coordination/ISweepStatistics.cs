namespace Sweep.Grains.Coordination;

/// <summary>
/// What a dashboard asks of a store beside <see cref="ISweepReader"/>: answers whose size doesn't grow with the sweep, or that are numbers alone. Thread-safe;
/// never blocks writers for long. Trials go by their ordinal, their place in the spec's expansion.
/// </summary>
public interface ISweepStatistics
{
    /// <summary>Now, by the store's clock.</summary>
    Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken);

    /// <summary>What runs, by sweep id; sweeps of which nothing runs are left out. Costs what runs, whatever the store holds.</summary>
    Task<IReadOnlyDictionary<string, SweepPace>> PaceAsync(CancellationToken cancellationToken);

    /// <summary>Attempts that run now, of all sweeps, the latest first.</summary>
    Task<IReadOnlyList<RunningAttemptSummary>> RunningAsync(int most, CancellationToken cancellationToken);

    /// <summary>How many trials fit a query, whatever its page.</summary>
    Task<int> CountAsync(string sweepId, TrialQuery query, CancellationToken cancellationToken);

    /// <summary>Trials by group and state. A group is <paramref name="groupSize"/> ordinals in a row, the number of seeds.</summary>
    Task<IReadOnlyList<GroupCount>> GroupsAsync(string sweepId, int groupSize, CancellationToken cancellationToken);

    /// <summary>
    /// Means of stored metrics, or of <c>log_likelihood_gap</c>, over a group's completed trials that have a value. Not checked against the results' digests.
    /// </summary>
    Task<IReadOnlyList<GroupMean>> MeansAsync(string sweepId, int groupSize, IReadOnlyList<string> metrics, CancellationToken cancellationToken);

    /// <summary>
    /// The same of completed trials each, by ordinal; where there are more than <paramref name="most"/> trials, about so many that are spread over all of them,
    /// always the same.
    /// </summary>
    Task<IReadOnlyList<MetricPoints>> PointsAsync(string sweepId, IReadOnlyList<string> metrics, int most, CancellationToken cancellationToken);

    /// <summary>The names of the metrics of the first completed trials.</summary>
    Task<IReadOnlyList<string>> MetricNamesAsync(string sweepId, CancellationToken cancellationToken);

    /// <summary>Attempts that ended otherwise than completed, at most <paramref name="most"/>.</summary>
    Task<IReadOnlyList<TroubledAttempt>> TroubledAsync(string sweepId, int most, CancellationToken cancellationToken);

    /// <summary>The ordinals of completed trials, ascending.</summary>
    Task<IReadOnlyList<int>> CompletedOrdinalsAsync(string sweepId, CancellationToken cancellationToken);

    /// <summary>When a trial first completed, by its id, of those that ever did: its result may have been discarded since.</summary>
    Task<IReadOnlyDictionary<string, DateTimeOffset>> CompletionTimesAsync(string sweepId, CancellationToken cancellationToken);

    /// <summary>The ids of trials, in the order of their ordinals.</summary>
    /// <param name="ordinals">At most 1,000.</param>
    Task<IReadOnlyList<string>> TrialIdsAsync(string sweepId, IReadOnlyCollection<int> ordinals, CancellationToken cancellationToken);

    /// <summary>Results of completed trials, by ordinal; trials that are not completed are left out, and those whose result is damaged.</summary>
    /// <param name="ordinals">At most 1,000.</param>
    /// <param name="curves">Only these; null for all.</param>
    Task<IReadOnlyDictionary<int, TrialResult>> ResultsAsync(
        string sweepId, IReadOnlyCollection<int> ordinals, IReadOnlyCollection<string>? curves, CancellationToken cancellationToken);
}
