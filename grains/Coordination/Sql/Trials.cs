namespace Sweep.Grains.Coordination.Sql;

/// <summary>The trial state machine: a trial's row, and the ways an attempt at it ends.</summary>
internal static class Trials
{
    private const string Columns =
        """
        t.trial AS Trial, t.sweep AS Sweep, t.state AS State, t.attempts AS Attempts, t.failures AS Failures, t.memory_failures AS MemoryFailures,
        t.losses AS Losses, t.cancelling AS Cancelling, t.silo AS Silo, t.expires AS Expires, t.cost AS Cost,
        EXISTS (SELECT 1 FROM silo_failures f WHERE f.trial = t.trial OR f.silo = t.silo) AS HasFailures
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

    /// <summary>The same for rows of <see cref="ExpiredQuery"/>.</summary>
    public static void Expire(SqlWork work, List<TrialRow> expired, CoordinatorOptions options)
    {
        foreach (TrialRow row in expired)
        {
            row.Losses++;
            bool hopeless = row.Losses >= options.LostAttempts && !row.Cancelling;
            End(
                work,
                row,
                new AttemptEnd(AttemptOutcome.Lost, hopeless ? TrialStatus.Failed : row.BackTo, "the lease expired") { Ended = row.Expires!.Value });
            if (hopeless)
            {
                string message = $"its silo was not heard of again, {row.Losses} times in a row: it may be what kills them";
                work.Later("UPDATE trials SET message = @message WHERE trial = @Trial", new { message, row.Trial });
            }
        }
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
            End(work, row, new AttemptEnd(AttemptOutcome.Lost, row.BackTo, "the silo is gone"));
        await work.ExecuteAsync(
            "UPDATE silos SET last_seen = NULL WHERE last_seen IS NOT NULL AND substr(id, 1, @length) = @siloPrefix",
            new { siloPrefix, length = siloPrefix.Length });
        return held.Count;
    }

    /// <summary>Ends a running attempt and moves the trial; <paramref name="row"/> is brought up to date.</summary>
    public static void End(SqlWork work, TrialRow row, AttemptEnd end)
    {
        if (end.Outcome != AttemptOutcome.Lost)
            row.Losses = 0;
        work.Later(
            "UPDATE attempts SET outcome = @outcome, charged = @charged, ended = @ended, message = @message WHERE trial = @Trial AND attempt = @Attempts",
            new { outcome = (int)end.Outcome, charged = end.Charged, ended = end.Ended ?? work.Now, message = end.Message, row.Trial, row.Attempts });
        work.Later(
            """
            UPDATE trials SET state = @state, failures = @Failures, memory_failures = @MemoryFailures, losses = @Losses, cancelling = @cancelling,
                silo = NULL, expires = NULL, phase = NULL, fraction = NULL, loss = NULL
            WHERE trial = @Trial
            """,
            new { state = (int)end.Next, row.Failures, row.MemoryFailures, row.Losses, cancelling = false, row.Trial });
        work.Move(row.Sweep, TrialStatus.Running, end.Next, row.Cost);
        row.State = (int)end.Next;
        row.Cancelling = false;
        row.Silo = null;
        row.Expires = null;
    }
}
