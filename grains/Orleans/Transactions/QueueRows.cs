using System.Text.Json;
using Sweep.Grains.Storage;
using Sweep.Grains.Specs;
using Sweep.Grains.Sweeps;

namespace Sweep.Grains.Orleans.Transactions;

/// <summary>Reads what a queue holds.</summary>
internal static class QueueRows
{
    private const string Columns =
        """
        t.trial AS Trial, t.id AS Id, t.state AS State, t.attempts AS Attempts, t.memory_failures AS MemoryFailures, t.losses AS Losses, t.cost AS Cost,
        t.needs AS Needs, t.ordinal AS Ordinal, t.failed_on AS FailedOn, t.failed_at AS FailedAt, t.silo AS Silo, t.expires AS Expires,
        t.cancelling AS Cancelling, t.failures AS Failures
        """;

    /// <summary>The sweep's number; null when there is none.</summary>
    public static Task<long?> SweepAsync(SqlWork work, string sweepId) =>
        work.FirstOrDefaultAsync<long?>("SELECT sweep FROM sweeps WHERE id = @sweepId", new { sweepId });

    /// <summary>Which of its trials share a fit; null for a sweep whose spec doesn't say (of another version).</summary>
    public static async Task<FitClasses?> FitsAsync(SqlWork work, long sweep)
    {
        string resolved = await work.FirstOrDefaultAsync<string>("SELECT resolved FROM sweeps WHERE sweep = @sweep", new { sweep }) ?? "{}";
        try
        {
            return new FitClasses(SweepSpecJson.Restore(resolved, ""));
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Fills a queue with every queued and every running trial.</summary>
    public static async Task FillAsync(SqlWork work, SweepQueue queue)
    {
        List<QueueRow> rows = await work.ListAsync<QueueRow>(
            $"SELECT {Columns} FROM trials t WHERE t.sweep = @Sweep AND t.state IN ({Code.Queued}, {Code.Running})", new { queue.Sweep });
        queue.Fill(rows.Select(row => (row.ToTrial(), row.ToState())));
        queue.Terms = await TermsAsync(work, queue.Sweep);
    }

    public static async Task<SweepTerms> TermsAsync(SqlWork work, long sweep) =>
        (await work.FirstOrDefaultAsync<SweepTermsRow>($"SELECT {SweepTermsRow.Columns} FROM sweeps s WHERE s.sweep = @sweep", new { sweep }))?.ToTerms()
            ?? new SweepTerms(Paused: true);

    /// <summary>Reads a trial again, whatever its state.</summary>
    public static async Task ReadAsync(SqlWork work, SweepQueue queue, string trialId)
    {
        QueueRow? row = await work.FirstOrDefaultAsync<QueueRow>(
            $"SELECT {Columns} FROM trials t WHERE t.sweep = @Sweep AND t.id = @trialId", new { queue.Sweep, trialId });
        if (row is not null)
            queue.Set(row.ToTrial(), row.ToState());
    }

    /// <summary>Running trials of this sweep whose leases some silos have, locked for change.</summary>
    public static Task<List<TrialRow>> HeldByAsync(SqlWork work, string sweepId, long[] silos) => work.ListAsync<TrialRow>(
        $"""
        SELECT {TrialRows.Columns}
        FROM trials t WHERE t.sweep = (SELECT sweep FROM sweeps WHERE id = @sweepId) AND t.state = {Code.Running} AND {work.Store.Among("t.silo", "@silos")}
        ORDER BY t.trial {work.Store.ForUpdate}
        """,
        new { sweepId, silos });

    /// <summary>How many silos are quarantined.</summary>
    public static Task<int> QuarantinedAsync(SqlWork work) =>
        work.FirstOrDefaultAsync<int>("SELECT CAST(count(*) AS INTEGER) FROM silos WHERE quarantined IS NOT NULL");

    /// <summary>The other sweeps that have something to do.</summary>
    public static Task<List<string>> OtherSweepsAsync(SqlWork work, long sweep) => work.ListAsync<string>(
        $"""
        SELECT s.id FROM sweeps s
        WHERE s.sweep <> @sweep AND EXISTS (SELECT 1 FROM trials t WHERE t.sweep = s.sweep AND t.state IN ({Code.Queued}, {Code.Running}))
        """,
        new { sweep });
}
