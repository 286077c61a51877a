using Sweep.Grains.Coordination;
using Sweep.Grains.Storage.Guarded;
using Sweep.Grains.Sweeps;

namespace Sweep.Grains.Storage.Sqlite;

/// <summary><see cref="SweepQuestion"/> and <see cref="GuardedWrites"/> on rows that the write transaction has to itself.</summary>
internal static class SqliteGuard
{
    private const string Known =
        $"""
        SELECT {SweepTermsRow.Columns}, EXISTS (SELECT 1 FROM requests r WHERE r.done IS NULL) AS Asked,
            CASE WHEN @isDue THEN (SELECT t.expires FROM trials t WHERE t.state = {Code.Running} ORDER BY t.expires LIMIT 1) END AS FirstExpiry
        FROM sweeps s WHERE s.sweep = @Sweep
        """;

    private const string Asking =
        """
        SELECT h.id AS Id, h.silo AS Silo, h.last_seen AS LastSeen, h.artifacts AS Artifacts, h.devices AS Devices, h.slots AS Slots, h.offers AS Offers
        FROM silos h WHERE h.id IN @Asking AND h.quarantined IS NULL
        """;

    private const string OtherSweeps =
        $"""
        SELECT s.sweep AS Sweep, (SELECT SUM(c.running) FROM sweep_counts c WHERE c.sweep = s.sweep) AS Running, s.slots AS Slots, s.priority AS Priority, (
            SELECT t.cost FROM trials t WHERE t.sweep = s.sweep AND t.state = {Code.Queued} AND (t.needs & @Offers) = t.needs
            ORDER BY t.cost DESC, t.ordinal LIMIT 1) AS Cost
        FROM sweeps s WHERE s.sweep <> @Sweep AND NOT s.paused
        """;

    public static async Task<SweepAnswers?> AskAsync(SqlWork work, SweepQuestion question)
    {
        OutlookQuestion? outlook = question.Outlook;
        KnownRow? known = await work.FirstOrDefaultAsync<KnownRow>(Known, new { question.Sweep, isDue = outlook?.ExpiryCheck.IsDue(work.Now) == true });
        if (known is null || outlook is null)
            return known is null ? null : new SweepAnswers(known.ToTerms(), null);
        bool failures = await work.FirstOrDefaultAsync<long?>(
            "SELECT 1 FROM silo_failures f WHERE f.trial IN @Completed OR f.silo IN @Silos LIMIT 1", new { outlook.Completed, outlook.Silos }) is not null;
        List<SiloState> silos = outlook.Asking.Count == 0 ? [] : await work.ListAsync<SiloState>(Asking, new { outlook.Asking });
        SweepTurn[] others =
        [
            .. (await work.ListAsync<TurnRow>(OtherSweeps, new { question.Sweep, outlook.Offers }))
                .Where(o => o.Cost is not null && !(o.Running >= o.Slots))
                .Select(o => new SweepTurn(o.Sweep, o.Running, o.Cost!.Value, o.Priority)),
        ];
        return new SweepAnswers(known.ToTerms(), new Outlook(
            failures, known.Asked, known.FirstExpiry, silos.ToDictionary(s => s.Id, StringComparer.Ordinal), others.Length > 0 ? others.Min() : null));
    }

    /// <exception cref="RowsChangedException">A row is not as it is expected to be.</exception>
    public static async Task<GuardedAnswers> WriteAsync(SqlWork work, GuardedWrites writes)
    {
        GuardedAnswers answers = new();
        foreach (Renewal renewal in writes.Renewals)
        {
            Require(await work.ExecuteAsync(
                $"""
                UPDATE trials SET expires = @Expires, phase = @Phase, fraction = @Fraction, loss = @Loss
                WHERE trial = @Trial AND state = {Code.Running} AND attempts = @Attempt AND silo = @Silo
                """,
                new { writes.Expires, renewal.Phase, renewal.Fraction, renewal.Loss, renewal.Trial, renewal.Attempt, renewal.Silo }));
        }

        if (writes.Renewals.Count > 0)
        {
            answers.Paused = await work.FirstOrDefaultAsync<bool>("SELECT paused FROM sweeps WHERE sweep = @Sweep", new { writes.Sweep });
            answers.Cancelling.UnionWith(await work.ListAsync<long>(
                "SELECT trial FROM trials WHERE trial IN @trials AND cancelling", new { trials = writes.Renewals.Select(r => r.Trial) }));
        }

        foreach (Completion completion in writes.Completions)
            await CompleteAsync(work, completion, answers);
        foreach (IGrouping<long, Completion> silo in writes.Completions.GroupBy(c => c.Silo))
            work.Later("UPDATE silos SET completed = completed + @count WHERE silo = @Key", new { count = silo.Count(), silo.Key });
        foreach (Beginning beginning in writes.Beginnings)
            await BeginAsync(work, beginning, writes.Expires, answers);
        foreach (long trial in writes.Wanted)
        {
            if (await SpecAsync(work, trial) is { } spec)
                answers.Specs[trial] = spec;
        }

        return answers;
    }

    private static async Task CompleteAsync(SqlWork work, Completion completion, GuardedAnswers answers)
    {
        if (completion.Began is { } began)
            await BeginAsync(work, new Beginning(completion.Trial, completion.Attempt, completion.Silo, began), work.Now);
        Require(await work.ExecuteAsync(
            $"""
            UPDATE trials SET state = {Code.Completed}, losses = 0, cancelling = false, silo = NULL, expires = NULL, phase = NULL, fraction = NULL, loss = NULL
            WHERE trial = @Trial AND state = {Code.Running} AND attempts = @Attempt AND silo = @Silo
            """,
            new { completion.Trial, completion.Attempt, completion.Silo }));
        work.Later(
            "UPDATE attempts SET outcome = @outcome, charged = false, ended = @Now WHERE trial = @Trial AND attempt = @Attempt",
            new { outcome = (int)AttemptOutcome.Completed, work.Now, completion.Trial, completion.Attempt });
        SqliteResults.Store(work, completion.Trial, completion.Attempt, completion.TrialId, completion.Result);
        if (await work.FirstOrDefaultAsync<bool>(
            "SELECT EXISTS (SELECT 1 FROM silo_failures f WHERE f.trial = @Trial OR f.silo = @Silo)", new { completion.Trial, completion.Silo }))
        {
            answers.WithFailures.Add(completion.Trial);
        }
    }

    private static async Task BeginAsync(SqlWork work, Beginning beginning, long expires, GuardedAnswers answers)
    {
        await BeginAsync(work, beginning, expires);
        answers.Specs[beginning.Trial] = (await SpecAsync(work, beginning.Trial))!.Value;
    }

    private static async Task BeginAsync(SqlWork work, Beginning beginning, long expires)
    {
        Require(await work.ExecuteAsync(
            $"""
            UPDATE trials SET state = {Code.Running}, attempts = @Attempt, silo = @Silo, expires = @expires
            WHERE trial = @Trial AND state = {Code.Queued} AND attempts = @Attempt - 1
            """,
            new { beginning.Attempt, beginning.Silo, expires, beginning.Trial }));
        work.Later(
            "INSERT INTO attempts (trial, attempt, silo, started) VALUES (@Trial, @Attempt, @Silo, @Began)",
            new { beginning.Trial, beginning.Attempt, beginning.Silo, beginning.Began });
    }

    private static async Task<StoredSpec?> SpecAsync(SqlWork work, long trial) =>
        await work.FirstOrDefaultAsync<SpecRow>("SELECT spec AS Spec, digest AS Digest FROM trials WHERE trial = @trial", new { trial }) is { } row
            ? new StoredSpec(row.Spec, row.Digest)
            : null;

    private static void Require(int rows)
    {
        if (rows != 1)
            throw new RowsChangedException();
    }

    private sealed class KnownRow : SweepTermsRow
    {
        public bool Asked { get; set; }

        public long? FirstExpiry { get; set; }
    }

    private sealed class TurnRow
    {
        public long Sweep { get; set; }

        public int Running { get; set; }

        public int? Slots { get; set; }

        public double Priority { get; set; }

        public double? Cost { get; set; }
    }

    private sealed class SpecRow
    {
        public string Spec { get; set; } = "";

        public byte[] Digest { get; set; } = [];
    }
}
