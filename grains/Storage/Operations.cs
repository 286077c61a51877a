using Sweep.Grains.Coordination;
using Sweep.Grains.Trials;

namespace Sweep.Grains.Storage;

/// <summary>What an operator does to a sweep: reads the trials that it concerns, and writes what <see cref="TrialState"/> makes of them. Each returns how
/// many it changed.</summary>
internal static class Operations
{
    private const int RowsAtOnce = 500;

    public static async Task<int> PauseAsync(SqlWork work, long sweep, bool paused)
    {
        int changed = await work.ExecuteAsync(
            "UPDATE sweeps SET paused = @paused, stopped = NULL WHERE sweep = @sweep AND paused <> @paused", new { paused, sweep });
        if (!paused)
            work.SignalWork();
        return changed;
    }

    /// <summary>Has it go on where a limit of its spec had paused it that no longer does.</summary>
    private static async Task GoOnAsync(SqlWork work, long sweep)
    {
        if (await MayGoOnAsync(work, sweep))
            await PauseAsync(work, sweep, paused: false);
    }

    /// <summary>Whether a limit of its spec had paused it that no longer does.</summary>
    public static async Task<bool> MayGoOnAsync(SqlWork work, long sweep) => await work.FirstOrDefaultAsync<SweepTermsRow>(
        $"SELECT {SweepTermsRow.Columns} FROM sweeps s WHERE s.sweep = @sweep AND s.stopped IS NOT NULL", new { sweep }) is { } stopped
            && stopped.ToTerms().Bears(await FailedAsync(work, sweep));

    /// <summary>How many of its trials have failed for good, this transaction's included.</summary>
    public static async Task<int> FailedAsync(SqlWork work, long sweep) => work.Moved(sweep, TrialStatus.Failed)
        + await work.FirstOrDefaultAsync<int>("SELECT CAST(SUM(failed) AS INTEGER) FROM sweep_counts WHERE sweep = @sweep", new { sweep });

    /// <summary>Pauses it for a reason that its own spec gives.</summary>
    public static Task<int> StopAsync(SqlWork work, long sweep, string why) =>
        work.ExecuteAsync("UPDATE sweeps SET paused = @yes, stopped = @why WHERE sweep = @sweep", new { yes = true, why, sweep });

    /// <summary>Puts a note in the place of the one before.</summary>
    /// <returns>0 where it says the same.</returns>
    public static Task<int> NoteAsync(SqlWork work, long sweep, SweepNote note) => work.ExecuteAsync(
        "UPDATE sweeps SET note = @note WHERE sweep = @sweep AND COALESCE(note, '') <> COALESCE(@note, '')", new { note = StoredJson.Write(note), sweep });

    /// <param name="trialIds">Null for all; so below.</param>
    public static async Task<int> CancelAsync(SqlWork work, long sweep, IReadOnlyCollection<string>? trialIds) =>
        (await ChangeAsync(work, sweep, trialIds, [TrialStatus.Queued, TrialStatus.Held, TrialStatus.Running], (state, _) => state.Cancel())).Count;

    public static async Task<int> RetryAsync(SqlWork work, long sweep, IReadOnlyCollection<string>? trialIds)
    {
        int look = await work.FirstOrDefaultAsync<int>("SELECT look FROM sweeps WHERE sweep = @sweep", new { sweep });
        List<TrialRow> retried = await ChangeAsync(
            work, sweep, trialIds, [TrialStatus.Running, TrialStatus.Failed, TrialStatus.Cancelled],
            (state, stage) => state.Retry(held: look > 0 && stage > look));
        await GoOnAsync(work, sweep);
        return retried.Count;
    }

    public static async Task<int> DiscardAsync(SqlWork work, long sweep, IReadOnlyCollection<string> trialIds)
    {
        List<TrialRow> discarded = await ChangeAsync(work, sweep, trialIds, [TrialStatus.Completed], (state, _) => state.Discard());
        foreach (TrialRow row in discarded)
            await work.Store.DropResultAsync(work, row.Trial);
        return discarded.Count;
    }

    /// <summary>The sweep's number.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static async Task<long> KeyAsync(SqlWork work, string sweepId) =>
        await work.FirstOrDefaultAsync<long?>("SELECT sweep FROM sweeps WHERE id = @sweepId", new { sweepId })
            ?? throw new ArgumentException($"no such sweep: {sweepId}; allowed: the id of a sweep in the store");

    private static async Task<List<TrialRow>> ChangeAsync(
        SqlWork work, long sweep, IReadOnlyCollection<string>? trialIds, TrialStatus[] concerned, Func<TrialState, int, TrialState> change)
    {
        List<TrialRow> rows = [];
        foreach (TrialStatus state in concerned)
        {
            string query = $"SELECT {TrialRows.Columns} FROM trials t WHERE t.sweep = @sweep AND t.state = {(int)state}";
            if (trialIds is null)
                rows.AddRange(await work.ListAsync<TrialRow>($"{query} ORDER BY t.trial {work.Store.ForUpdate}", new { sweep }));
            foreach (string[] ids in trialIds?.Chunk(RowsAtOnce) ?? [])
                rows.AddRange(await work.ListAsync<TrialRow>($"{query} AND {work.Store.Among("t.id", "@ids")} ORDER BY t.trial {work.Store.ForUpdate}",
                    new { sweep, ids }));
        }

        List<(TrialRow Row, TrialState Before, TrialState After)> changes =
        [
            .. rows.Select(row => (Row: row, Before: row.ToState())).Select(c => (c.Row, c.Before, After: change(c.Before, c.Row.Stage)))
                .Where(c => c.After != c.Before),
        ];

        // What becomes the same of many goes in few statements.
        foreach (var alike in changes.GroupBy(c => (c.Before.Status, After: Common(c.After))))
        {
            foreach ((TrialRow Row, TrialState, TrialState)[] some in alike.Chunk(RowsAtOnce))
                await WriteAsync(work, [.. some.Select(c => c.Row.Trial)], alike.Key.Status, alike.Key.After);
            work.Move(sweep, alike.Key.Status, alike.Key.After.Status, alike.Sum(c => c.Row.Cost), alike.Count());
        }

        return changes.ConvertAll(c => c.Row);
    }

    /// <summary>What of a trial's state an operator may change.</summary>
    private static TrialState Common(TrialState state) => state with { Attempts = 0, Silo = null, Expires = null, Message = null };

    private static async Task WriteAsync(SqlWork work, long[] trials, TrialStatus before, TrialState after)
    {
        string among = work.Store.Among("trial", "@trials");
        int written = await work.ExecuteAsync(
            $"""
            UPDATE trials SET state = @state, cancelling = @Cancelling, failures = @Failures, memory_failures = @MemoryFailures, losses = @Losses,
                failed_on = @FailedOn, failed_at = @FailedAt
            WHERE state = @before AND {among}
            """,
            new
            {
                state = (int)after.Status, after.Cancelling, after.Failures, after.MemoryFailures, after.Losses, after.FailedOn, after.FailedAt,
                    before = (int)before, trials,
            });
        if (written != trials.Length)
        {
            throw new StoreException(
                $"{trials.Length - written} of {trials.Length} trials changed while an operator's request was carried out; it is tried again");
        }

        // With a fresh budget, what was charged to the old one can't be refunded any more.
        if (after.Status is TrialStatus.Queued or TrialStatus.Held)
            await work.ExecuteAsync($"UPDATE attempts SET charged = @no WHERE charged AND {among}", new { no = false, trials });
    }
}
