using Sweep.Grains.Coordination;
using Sweep.Grains.Trials;

namespace Sweep.Grains.Storage;

/// <summary>Reads trials' rows for change, and writes what <see cref="TrialState"/> decides.</summary>
internal static class TrialRows
{
    /// <summary>Of trials <c>t</c>.</summary>
    public const string Columns =
        """
        t.trial AS Trial, t.sweep AS Sweep, t.state AS State, t.attempts AS Attempts, t.failures AS Failures, t.memory_failures AS MemoryFailures,
        t.losses AS Losses, t.cancelling AS Cancelling, t.silo AS Silo, t.expires AS Expires, t.failed_on AS FailedOn, t.failed_at AS FailedAt,
            t.message AS Message, t.cost AS Cost, t.stage AS Stage
        """;

    /// <summary>The trial of a lease, locked for change; null when there is none.</summary>
    public static Task<TrialRow?> FindAsync(SqlWork work, string sweepId, string trialId) => work.FirstOrDefaultAsync<TrialRow>(
        $"SELECT {Columns} FROM trials t WHERE t.sweep = (SELECT sweep FROM sweeps WHERE id = @sweepId) AND t.id = @trialId {work.Store.ForUpdate}",
        new { sweepId, trialId });

    public static Task<TrialRow?> FindAsync(SqlWork work, long trial) => work.FirstOrDefaultAsync<TrialRow>(
        $"SELECT {Columns} FROM trials t WHERE t.trial = @trial {work.Store.ForUpdate}", new { trial });

    /// <summary>The query for running trials whose lease has expired. Costs what there is to expire, whatever the store holds.</summary>
    public static string ExpiredQuery(SqlStore store) =>
        $"SELECT {Columns} FROM trials t WHERE t.state = {Code.Running} AND t.expires <= @Now ORDER BY t.expires {store.SkipLocked}";

    /// <summary>Ends, as lost, the attempts whose lease has expired.</summary>
    public static async Task ExpireAsync(SqlWork work, CoordinatorOptions options) =>
        Expire(work, await work.ListAsync<TrialRow>(ExpiredQuery(work.Store), new { work.Now }), options);

    /// <summary>The same of one sweep, whoever else is at them. Not where the store was away a moment ago: leases ran out that could not be renewed.</summary>
    public static async Task ExpireAsync(SqlWork work, long sweep, CoordinatorOptions options)
    {
        if (work.Store.Outages?.IsRecent(HeardWithin(options)) == true)
            return;
        List<TrialRow> expired = await work.ListAsync<TrialRow>(
            $"""
            SELECT {Columns} FROM trials t
            WHERE t.sweep = @sweep AND t.state = {Code.Running} AND t.expires <= @Now ORDER BY t.expires {work.Store.ForUpdate}
            """,
            new { sweep, work.Now });
        Expire(work, expired, options);
    }

    /// <summary>A living silo has renewed its leases within a heartbeat and a retry.</summary>
    private static TimeSpan HeardWithin(CoordinatorOptions options) => (options.LeaseDuration / 3) + TimeSpan.FromSeconds(5);

    /// <summary>The same for rows of <see cref="ExpiredQuery"/>.</summary>
    public static void Expire(SqlWork work, List<TrialRow> expired, CoordinatorOptions options)
    {
        foreach (TrialRow row in expired)
            End(work, row, row.ToState().Expire(options));
    }

    /// <summary>Their silos were declared dead: whoever waits for work is told.</summary>
    public static void Revoke(SqlWork work, List<TrialRow> held)
    {
        foreach (TrialRow row in held)
            work.Later("UPDATE trials SET expires = @Expires WHERE trial = @Trial", new { row.ToState().Revoke(work.Now).Expires, row.Trial });
        if (held.Count > 0)
            work.SignalWork();
    }

    /// <summary>Takes back the leases of silos whose id starts with the prefix.</summary>
    public static async Task<int> ReclaimAsync(SqlWork work, string siloPrefix, CoordinatorOptions options)
    {
        await ExpireAsync(work, options);
        List<TrialRow> held = await work.ListAsync<TrialRow>(
            $"""
            SELECT {Columns} FROM trials t JOIN silos h ON h.silo = t.silo
            WHERE t.state = {Code.Running} AND substr(h.id, 1, @length) = @siloPrefix {work.Store.ForUpdate}
            """,
            new { siloPrefix, length = siloPrefix.Length });
        foreach (TrialRow row in held)
            End(work, row, row.ToState().Reclaim(work.Now, options));
        await work.ExecuteAsync(
            "UPDATE silos SET last_seen = NULL WHERE last_seen IS NOT NULL AND substr(id, 1, @length) = @siloPrefix",
            new { siloPrefix, length = siloPrefix.Length });
        return held.Count;
    }

    /// <summary>Writes the end of a running attempt.</summary>
    public static void End(SqlWork work, TrialRow row, AttemptEnd end)
    {
        TrialState next = end.Trial;
        work.Later(
            "UPDATE attempts SET outcome = @outcome, charged = @Charged, ended = @Ended, message = @Message WHERE trial = @Trial AND attempt = @Attempts",
            new { outcome = (int)end.Outcome, end.Charged, end.Ended, end.Message, row.Trial, next.Attempts });
        work.Later(
            """
            UPDATE trials SET state = @state, failures = @Failures, memory_failures = @MemoryFailures, losses = @Losses, cancelling = @Cancelling,
                silo = @Silo, expires = @Expires, phase = NULL, fraction = NULL, loss = NULL, failed_on = @FailedOn, failed_at = @FailedAt, message = @Message
            WHERE trial = @Trial
            """,
            new
            {
                state = (int)next.Status, next.Failures, next.MemoryFailures, next.Losses, next.Cancelling, next.Silo, next.Expires, next.FailedOn,
                next.FailedAt, next.Message,
                row.Trial,
            });
        work.Move(row.Sweep, TrialStatus.Running, next.Status, row.Cost);
    }
}
