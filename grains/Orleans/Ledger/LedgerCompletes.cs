using Npgsql;
using Sweep.Grains.Coordination;

namespace Sweep.Grains.Orleans.Ledger;

/// <summary>The statements that end completed attempts: one for the trials and their attempts, and the silos' counters. Their results are the store's own to write.</summary>
internal static class LedgerCompletes
{
    /// <summary>The first statement returns trial, silo and whether a failure of either is on record.</summary>
    public static void AddTo(NpgsqlBatch batch, List<LedgerTrial> completed, long now)
    {
        long[] trials = [.. completed.Select(t => t.Trial)];
        int[] attempts = [.. completed.Select(t => t.Attempts)];
        Add(
            batch,
            """
            WITH ended AS (
                UPDATE trials t SET state = 2, losses = 0, cancelling = false, silo = NULL, expires = NULL, phase = NULL, fraction = NULL, loss = NULL
                FROM unnest(@trial, @attempt, @silo) AS u(trial, attempt, silo)
                WHERE t.trial = u.trial AND t.state = 1 AND t.attempts = u.attempt AND t.silo = u.silo AND t.expires > @now
                RETURNING u.trial, u.attempt, u.silo),
            attempt AS (
                UPDATE attempts a SET outcome = @outcome, charged = false, ended = @now FROM ended e WHERE a.trial = e.trial AND a.attempt = e.attempt)
            SELECT e.trial, e.silo, EXISTS (SELECT 1 FROM silo_failures f WHERE f.trial = e.trial OR f.silo = e.silo) FROM ended e
            """,
            ("trial", trials),
            ("attempt", attempts),
            ("silo", completed.Select(t => t.Silo!.Value).ToArray()),
            ("outcome", (int)AttemptOutcome.Completed),
            ("now", now));
        foreach (IGrouping<long, LedgerTrial> silo in completed.GroupBy(t => t.Silo!.Value).OrderBy(g => g.Key))
            Add(batch, "UPDATE silos SET completed = completed + @count WHERE silo = @silo", ("count", silo.Count()), ("silo", silo.Key));
    }

    private static void Add(NpgsqlBatch batch, string sql, params (string Name, object Value)[] values)
    {
        NpgsqlBatchCommand command = new(sql);
        foreach ((string name, object value) in values)
            command.Parameters.AddWithValue(name, value);
        batch.BatchCommands.Add(command);
    }
}
