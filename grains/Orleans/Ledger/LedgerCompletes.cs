using System.Data;
using Npgsql;
using Sweep.Grains.Coordination;
using Sweep.Grains.Coordination.Sql;
using Sweep.Grains.Orleans.Wire;

namespace Sweep.Grains.Orleans.Ledger;

/// <summary>The statements that commit results: one for the trials and their attempts, one each for results, metrics, curves and the silos' counters.</summary>
internal static class LedgerCompletes
{
    /// <summary>The first statement returns trial, silo and whether a failure of either is on record.</summary>
    public static void AddTo(NpgsqlBatch batch, List<(LedgerTrial Trial, WireReport Report)> completed, long now)
    {
        long[] trials = [.. completed.Select(c => c.Trial.Trial)];
        int[] attempts = [.. completed.Select(c => c.Trial.Attempts)];
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
            ("silo", completed.Select(c => c.Trial.Silo!.Value).ToArray()),
            ("outcome", (int)AttemptOutcome.Completed),
            ("now", now));
        Add(
            batch,
            "INSERT INTO results (trial, attempt, device, notes) SELECT * FROM unnest(@trial, @attempt, @device, @notes)",
            ("trial", trials),
            ("attempt", attempts),
            ("device", completed.Select(c => c.Report.Result!.Device).ToArray()),
            ("notes", completed.Select(c => StoredJson.Write(c.Report.Result!.Notes)).ToArray()));
        (long Trial, WireMetric Row)[] metrics = [.. completed.SelectMany(c => c.Report.Result!.Metrics.Select(m => (c.Trial.Trial, m)))];
        if (metrics.Length > 0)
        {
            Add(
                batch,
                "INSERT INTO metrics (trial, name, value, floor, reason) SELECT * FROM unnest(@trial, @name, @value, @floor, @reason)",
                ("trial", metrics.Select(m => m.Trial).ToArray()),
                ("name", metrics.Select(m => m.Row.Name).ToArray()),
                ("value", metrics.Select(m => m.Row.Value).ToArray()),
                ("floor", metrics.Select(m => m.Row.Floor).ToArray()),
                ("reason", metrics.Select(m => m.Row.Reason).ToArray()));
        }

        (long Trial, WireCurve Row)[] curves = [.. completed.SelectMany(c => c.Report.Result!.Curves.Select(m => (c.Trial.Trial, m)))];
        if (curves.Length > 0)
        {
            Add(
                batch,
                "INSERT INTO curves (trial, name, points) SELECT * FROM unnest(@trial, @name, @points)",
                ("trial", curves.Select(m => m.Trial).ToArray()),
                ("name", curves.Select(m => m.Row.Name).ToArray()),
                ("points", curves.Select(m => m.Row.Points).ToArray()));
        }

        foreach (IGrouping<long, LedgerTrial> silo in completed.Select(c => c.Trial).GroupBy(t => t.Silo!.Value).OrderBy(g => g.Key))
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
