using Npgsql;
using Sweep.Grains.Coordination;
using Sweep.Grains.Storage;
using Sweep.Grains.Orleans.Wire;
using Sweep.Grains.Sweeps;
using Sweep.Grains.Trials;
using static Sweep.Grains.Orleans.Ledger.BatchCommands;

namespace Sweep.Grains.Orleans.Ledger;

/// <summary>The statements that end completed attempts: one for the trials and their attempts, the silos' counters, and a result each.</summary>
internal static class LedgerCompletes
{
    /// <summary>
    /// The first statement returns trial, silo and whether a failure of either is on record; it fails unless all trials are as the queue has them.
    /// </summary>
    public static void AddTo(NpgsqlBatch batch, List<(SweepTrial Trial, TrialState Held, WireResult Result)> completed, long now)
    {
        batch.Add(
            """
            WITH ended AS (
                UPDATE trials t SET state = 2, losses = 0, cancelling = false, silo = NULL, expires = NULL, phase = NULL, fraction = NULL, loss = NULL
                FROM unnest($1, $2, $3) AS u(trial, attempt, silo)
                WHERE t.trial = u.trial AND t.state = 1 AND t.attempts = u.attempt AND t.silo = u.silo
                RETURNING u.trial, u.attempt, u.silo),
            attempt AS (
                UPDATE attempts a SET outcome = $5, charged = false, ended = $4 FROM ended e WHERE a.trial = e.trial AND a.attempt = e.attempt)
            SELECT e.trial, e.silo, EXISTS (SELECT 1 FROM silo_failures f WHERE f.trial = e.trial OR f.silo = e.silo), c.complete
            FROM (SELECT 1 / (count(*) = cardinality($1))::integer AS complete FROM ended) c LEFT JOIN ended e ON true
            """,
            Each(completed, c => c.Trial.Key),
            Each(completed, c => c.Held.Attempts),
            Each(completed, c => c.Held.Silo!.Value),
            Value(now),
            Value((int)AttemptOutcome.Completed));
        foreach (IGrouping<long, TrialState> silo in completed.Select(c => c.Held).GroupBy(h => h.Silo!.Value).OrderBy(g => g.Key))
            batch.Add("UPDATE silos SET completed = completed + $1 WHERE silo = $2", Value(silo.Count()), Value(silo.Key));
        foreach ((SweepTrial trial, TrialState held, WireResult result) in completed)
            Add(batch, trial, held.Attempts, result);
    }

    /// <summary>As the store writes results, but as they came: metrics and curves needn't be taken apart for it.</summary>
    private static void Add(NpgsqlBatch batch, SweepTrial trial, int attempt, WireResult result)
    {
        ResultContent content = result.ToContent();
        batch.Add(
            """
            INSERT INTO results (
                trial, attempt, device, notes, digest, metric_names, metric_values, metric_truth_levels, metric_reasons, curve_names, curve_points)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            """,
            Value(trial.Key),
            Value(attempt),
            Value(content.Device),
            Value(content.Notes),
            Value(ResultDigest.Of(trial.Id, attempt, content)),
            Each(content.Metrics, m => m.Name),
            Each(content.Metrics, m => m.Value),
            Each(content.Metrics, m => m.TruthLevel),
            Each(content.Metrics, m => m.Reason),
            Each(content.Curves, c => c.Name),
            Each(content.Curves, c => c.Points!));
    }
}
