using Sweep.Grains.Coordination;
using Sweep.Grains.Trials;

namespace Sweep.Grains.Storage;

/// <summary>Keeps each silo's failures since it last completed a trial, and writes what <see cref="SiloFault"/> makes of them.</summary>
internal static class Quarantine
{
    public static async Task<bool> IsQuarantinedAsync(SqlWork work, long silo) =>
        await work.FirstOrDefaultAsync<long?>("SELECT quarantined FROM silos WHERE silo = @silo", new { silo }) is not null;

    /// <summary>A silo completed a trial: its own record is clean, and silos on which this trial failed stand accused.</summary>
    public static async Task CompletedAsync(SqlWork work, long silo, long trial, CoordinatorOptions options)
    {
        await work.ExecuteAsync("DELETE FROM silo_failures WHERE silo = @silo", new { silo });
        List<long> accused = await work.ListAsync<long>("SELECT DISTINCT silo FROM silo_failures WHERE trial = @trial ORDER BY silo", new { trial });
        foreach (long other in accused)
        {
            await work.ExecuteAsync("UPDATE silo_failures SET proven = @proven WHERE silo = @other AND trial = @trial", new { proven = true, other, trial });
            await JudgeAsync(work, other, options);
        }
    }

    public static async Task FailedAsync(SqlWork work, long silo, long trial, int attempt, CoordinatorOptions options)
    {
        await work.ExecuteAsync(
            "INSERT INTO silo_failures (silo, trial, attempt, proven) VALUES (@silo, @trial, @attempt, @proven)",
            new { silo, trial, attempt, proven = false });
        await JudgeAsync(work, silo, options);
    }

    public static async Task<bool> LiftAsync(SqlWork work, string siloId)
    {
        await work.ExecuteAsync("DELETE FROM silo_failures WHERE silo = (SELECT silo FROM silos WHERE id = @siloId)", new { siloId });
        return await work.ExecuteAsync(
            "UPDATE silos SET quarantined = NULL, reason = NULL WHERE id = @siloId AND quarantined IS NOT NULL", new { siloId }) > 0;
    }

    private static async Task JudgeAsync(SqlWork work, long silo, CoordinatorOptions options)
    {
        string? proof = await work.FirstOrDefaultAsync<string>(
            "SELECT t.id FROM silo_failures f JOIN trials t ON t.trial = f.trial WHERE f.silo = @silo AND f.proven ORDER BY f.trial LIMIT 1", new { silo });
        int failed = proof is null ? 0 : (await work.ListAsync<long>(
            "SELECT DISTINCT trial FROM silo_failures WHERE silo = @silo LIMIT @most", new { silo, most = options.QuarantineAfterTrials })).Count;
        if (SiloFault.Quarantine(failed, proof, options) is not { } reason)
            return;
        await work.ExecuteAsync("UPDATE silos SET quarantined = @Now, reason = @reason WHERE silo = @silo", new { work.Now, reason, silo });
        await RefundAsync(work, silo, options);
    }

    /// <summary>Takes the silo's failures back from the budgets of the trials.</summary>
    private static async Task RefundAsync(SqlWork work, long silo, CoordinatorOptions options)
    {
        List<Failure> failures = await work.ListAsync<Failure>(
            """
            SELECT f.trial AS Trial, f.attempt AS Attempt FROM silo_failures f JOIN attempts a ON a.trial = f.trial AND a.attempt = f.attempt
            WHERE f.silo = @silo AND a.charged ORDER BY f.trial, f.attempt
            """,
            new { silo });
        foreach (Failure failure in failures)
        {
            await work.ExecuteAsync(
                "UPDATE attempts SET charged = @charged WHERE trial = @Trial AND attempt = @Attempt", new { charged = false, failure.Trial, failure.Attempt });
            TrialRow row = (await TrialRows.FindAsync(work, failure.Trial))!;
            TrialState before = row.ToState(), after = before.Refund(options, last: failure.Attempt == row.Attempts);
            await work.ExecuteAsync("UPDATE trials SET failures = @Failures, state = @state WHERE trial = @Trial",
                new { after.Failures, state = (int)after.Status, failure.Trial });
            if (after.Status != before.Status)
                work.Move(row.Sweep, before.Status, after.Status, row.Cost);
        }

        await work.ExecuteAsync("DELETE FROM silo_failures WHERE silo = @silo", new { silo });
    }

    private sealed class Failure
    {
        public long Trial { get; set; }

        public int Attempt { get; set; }
    }
}
