using Sweep.Grains.Coordination;

namespace Sweep.Grains.Storage;

/// <summary>What an operator does to a sweep.</summary>
internal static class Operations
{
    public static async Task PauseAsync(SqlWork work, string sweepId, bool paused)
    {
        if (await work.ExecuteAsync("UPDATE sweeps SET paused = @paused WHERE id = @sweepId", new { paused, sweepId }) == 0)
            throw Unknown(sweepId);
        work.Announce(sweepId);
    }

    public static async Task CancelAsync(SqlWork work, string sweepId, CoordinatorOptions options)
    {
        long sweep = await KeyAsync(work, sweepId);
        await TrialRows.ExpireAsync(work, options);
        int queued = await work.ExecuteAsync(
            $"UPDATE trials SET state = {Code.Cancelled} WHERE sweep = @sweep AND state = {Code.Queued}", new { sweep });
        await work.ExecuteAsync(
            $"UPDATE trials SET cancelling = @cancelling WHERE sweep = @sweep AND state = {Code.Running}", new { cancelling = true, sweep });
        work.Move(sweep, TrialStatus.Queued, TrialStatus.Cancelled, 0, queued);
        work.Announce(sweepId);
    }

    public static async Task<int> RetryAsync(
        SqlWork work, string sweepId, IReadOnlyCollection<string>? trialIds, CoordinatorOptions options)
    {
        long sweep = await KeyAsync(work, sweepId);
        await TrialRows.ExpireAsync(work, options);
        work.Announce(sweepId);
        if (trialIds is null)
            return await RetryAsync(work, sweep, null);
        int count = 0;
        foreach (string trialId in trialIds.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
            count += await RetryAsync(work, sweep, trialId);
        return count;
    }

    public static async Task<int> DiscardAsync(SqlWork work, string sweepId, IReadOnlyCollection<string> trialIds)
    {
        long sweep = await KeyAsync(work, sweepId);
        work.Announce(sweepId);
        int count = 0;
        foreach (string trialId in trialIds.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            if (await TrialRows.FindAsync(work, sweepId, trialId) is not { State: (int)TrialStatus.Completed } row)
                continue;
            await work.Store.DropResultAsync(work, row.Trial);
            await QueueAgainAsync(work, sweep, TrialStatus.Completed, trialId);
            work.Move(sweep, TrialStatus.Completed, TrialStatus.Queued, row.Cost);
            count++;
        }

        return count;
    }

    private static async Task<int> RetryAsync(SqlWork work, long sweep, string? trialId)
    {
        string one = trialId is null ? "" : "AND id = @trialId";
        int count = await work.ExecuteAsync(
            $"UPDATE trials SET cancelling = @no WHERE sweep = @sweep AND state = {Code.Running} AND cancelling {one}",
            new { no = false, sweep, trialId });
        foreach (TrialStatus state in new[] { TrialStatus.Failed, TrialStatus.Cancelled })
        {
            int moved = await QueueAgainAsync(work, sweep, state, trialId);
            work.Move(sweep, state, TrialStatus.Queued, 0, moved);
            count += moved;
        }

        return count;
    }

    /// <summary>With a fresh budget: what was charged to the old one no longer counts, nor can it be refunded. Returns how many.</summary>
    /// <param name="trialId">Null for all in the state.</param>
    private static async Task<int> QueueAgainAsync(SqlWork work, long sweep, TrialStatus state, string? trialId)
    {
        string one = trialId is null ? "" : "AND id = @trialId";
        await work.ExecuteAsync(
            $"""
            UPDATE attempts SET charged = @no
            WHERE charged AND trial IN (SELECT trial FROM trials WHERE sweep = @sweep AND state = @state {one})
            """,
            new { no = false, sweep, state = (int)state, trialId });
        return await work.ExecuteAsync(
            $"""
            UPDATE trials SET state = {Code.Queued}, failures = 0, memory_failures = 0, losses = 0, failed_on = NULL, failed_at = NULL
            WHERE sweep = @sweep AND state = @state {one}
            """,
            new { sweep, state = (int)state, trialId });
    }

    private static async Task<long> KeyAsync(SqlWork work, string sweepId) =>
        await work.FirstOrDefaultAsync<long?>("SELECT sweep FROM sweeps WHERE id = @sweepId", new { sweepId }) ?? throw Unknown(sweepId);

    private static ArgumentException Unknown(string sweepId) => new($"no such sweep: {sweepId}; allowed: the id of a sweep in the store");
}
