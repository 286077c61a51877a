using Npgsql;
using Sweep.Grains.Coordination;
using Sweep.Grains.Storage.Guarded;
using static Sweep.Grains.Storage.Postgres.BatchCommands;

namespace Sweep.Grains.Storage.Postgres;

/// <summary>
/// The statements of <see cref="GuardedWrites"/>, one for all rows of a kind. Each fails, with a division by zero, if a row is not as it is expected to be.
/// </summary>
internal static class PostgresGuard
{
    public static void Add(NpgsqlBatch batch, GuardedWrites writes, long now)
    {
        if (writes.Renewals.Count > 0)
            AddRenewals(batch, writes);
        if (writes.Completions.Count > 0)
            AddCompletions(batch, writes.Completions, now);
        if (writes.Beginnings.Count > 0)
            AddBeginnings(batch, writes);
        if (writes.Wanted.Count > 0)
            batch.Add("SELECT trial, spec, digest FROM trials WHERE trial = ANY ($1)", Each(writes.Wanted, t => t));
    }

    /// <summary>Reads what the statements return.</summary>
    public static async Task<GuardedAnswers> ReadAsync(NpgsqlDataReader reader, GuardedWrites writes, CancellationToken cancellationToken)
    {
        GuardedAnswers answers = new();
        if (writes.Renewals.Count > 0)
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                if (reader.GetBoolean(1))
                    answers.Cancelling.Add(reader.GetInt64(0));
                answers.Paused = reader.GetBoolean(2);
            }

            await reader.NextResultAsync(cancellationToken);
        }

        for (int kinds = writes.Completions.Select(c => c.Began is null).Distinct().Count(); kinds > 0; kinds--)
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                if (reader.GetBoolean(1))
                    answers.WithFailures.Add(reader.GetInt64(0));
            }

            await reader.NextResultAsync(cancellationToken);
        }

        for (int kinds = (writes.Beginnings.Count > 0 ? 1 : 0) + (writes.Wanted.Count > 0 ? 1 : 0); kinds > 0; kinds--)
        {
            while (await reader.ReadAsync(cancellationToken))
                answers.Specs[reader.GetInt64(0)] = new StoredSpec(reader.GetString(1), reader.GetFieldValue<byte[]>(2));
            await reader.NextResultAsync(cancellationToken);
        }

        return answers;
    }

    private static void AddRenewals(NpgsqlBatch batch, GuardedWrites writes) => batch.Add(
        """
        WITH renewed AS (
            UPDATE trials t SET expires = $1, phase = u.phase, fraction = u.fraction, loss = u.loss
            FROM unnest($3, $4, $5, $6, $7, $8) AS u(trial, token, silo, phase, fraction, loss)
            WHERE t.trial = u.trial AND t.state = 1 AND t.attempts = u.token AND t.silo = u.silo
            RETURNING t.trial, t.cancelling)
        SELECT r.trial, r.cancelling, s.paused, c.complete
        FROM (SELECT 1 / (count(*) = cardinality($3))::integer AS complete FROM renewed) c LEFT JOIN renewed r ON true LEFT JOIN sweeps s ON s.sweep = $2
        """,
        Value(writes.Expires),
        Value(writes.Sweep),
        Each(writes.Renewals, r => r.Trial),
        Each(writes.Renewals, r => r.Attempt),
        Each(writes.Renewals, r => r.Silo),
        Each(writes.Renewals, r => r.Phase),
        Each(writes.Renewals, r => r.Fraction),
        Each(writes.Renewals, r => r.Loss));

    /// <summary>One statement for the trials and their attempts, the silos' counters, and a result each.</summary>
    private static void AddCompletions(NpgsqlBatch batch, List<Completion> completed, long now)
    {
        if (completed.FindAll(c => c.Began is null) is { Count: > 0 } begun)
            AddEnds(batch, begun, now);
        if (completed.FindAll(c => c.Began is not null) is { Count: > 0 } unwritten)
            AddWhole(batch, unwritten, now);
        foreach (IGrouping<long, Completion> silo in completed.GroupBy(c => c.Silo).OrderBy(g => g.Key))
            batch.Add("UPDATE silos SET completed = completed + $1 WHERE silo = $2", Value(silo.Count()), Value(silo.Key));
        foreach (Completion completion in completed)
            AddResult(batch, completion);
    }

    private static void AddEnds(NpgsqlBatch batch, List<Completion> completed, long now) => batch.Add(
        """
        WITH ended AS (
            UPDATE trials t SET state = 2, losses = 0, cancelling = false, silo = NULL, expires = NULL, phase = NULL, fraction = NULL, loss = NULL
            FROM unnest($1, $2, $3) AS u(trial, attempt, silo)
            WHERE t.trial = u.trial AND t.state = 1 AND t.attempts = u.attempt AND t.silo = u.silo
            RETURNING u.trial, u.attempt, u.silo),
        attempt AS (
            UPDATE attempts a SET outcome = $5, charged = false, ended = $4 FROM ended e WHERE a.trial = e.trial AND a.attempt = e.attempt)
        SELECT e.trial, EXISTS (SELECT 1 FROM silo_failures f WHERE f.trial = e.trial OR f.silo = e.silo), c.complete
        FROM (SELECT 1 / (count(*) = cardinality($1))::integer AS complete FROM ended) c LEFT JOIN ended e ON true
        """,
        Each(completed, c => c.Trial),
        Each(completed, c => c.Attempt),
        Each(completed, c => c.Silo),
        Value(now),
        Value((int)AttemptOutcome.Completed));

    /// <summary>Attempts from beginning to end, of trials that are queued in the store.</summary>
    private static void AddWhole(NpgsqlBatch batch, List<Completion> completed, long now) => batch.Add(
        """
        WITH ended AS (
            UPDATE trials t SET state = 2, attempts = u.attempt, losses = 0
            FROM unnest($1, $2, $3, $6) AS u(trial, attempt, silo, began)
            WHERE t.trial = u.trial AND t.state = 0 AND t.attempts = u.attempt - 1
            RETURNING u.trial, u.attempt, u.silo, u.began),
        attempt AS (
            INSERT INTO attempts (trial, attempt, silo, started, outcome, charged, ended)
            SELECT trial, attempt, silo, began, $5, false, $4 FROM ended)
        SELECT e.trial, EXISTS (SELECT 1 FROM silo_failures f WHERE f.trial = e.trial OR f.silo = e.silo), c.complete
        FROM (SELECT 1 / (count(*) = cardinality($1))::integer AS complete FROM ended) c LEFT JOIN ended e ON true
        """,
        Each(completed, c => c.Trial),
        Each(completed, c => c.Attempt),
        Each(completed, c => c.Silo),
        Value(now),
        Value((int)AttemptOutcome.Completed),
        Each(completed, c => c.Began!.Value));

    private static void AddResult(NpgsqlBatch batch, Completion completion)
    {
        ResultContent content = completion.Result;
        batch.Add(
            """
            INSERT INTO results (
                trial, attempt, device, notes, digest, metric_names, metric_values, metric_truth_levels, metric_reasons, curve_names, curve_points)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            """,
            Value(completion.Trial),
            Value(completion.Attempt),
            Value(content.Device),
            Value(content.Notes),
            Value(ResultDigest.Of(completion.TrialId, completion.Attempt, content)),
            Each(content.Metrics, m => m.Name),
            Each(content.Metrics, m => m.Value),
            Each(content.Metrics, m => m.TruthLevel),
            Each(content.Metrics, m => m.Reason),
            Each(content.Curves, c => c.Name),
            Each(content.Curves, c => c.Points!));
    }

    private static void AddBeginnings(NpgsqlBatch batch, GuardedWrites writes) => batch.Add(
        """
        WITH taken AS (
            UPDATE trials t SET state = 1, attempts = u.attempt, silo = u.silo, expires = $1
            FROM unnest($2, $3, $4, $5) AS u(trial, attempt, silo, began)
            WHERE t.trial = u.trial AND t.state = 0 AND t.attempts = u.attempt - 1
            RETURNING t.trial, t.attempts, t.silo, u.began, t.spec, t.digest),
        begun AS (
            INSERT INTO attempts (trial, attempt, silo, started) SELECT trial, attempts, silo, began FROM taken)
        SELECT t.trial, t.spec, t.digest, c.complete FROM (SELECT 1 / (count(*) = cardinality($2))::integer AS complete FROM taken) c LEFT JOIN taken t ON true
        """,
        Value(writes.Expires),
        Each(writes.Beginnings, b => b.Trial),
        Each(writes.Beginnings, b => b.Attempt),
        Each(writes.Beginnings, b => b.Silo),
        Each(writes.Beginnings, b => b.Began));
}
