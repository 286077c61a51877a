using System.Text.Json;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Sweep.Grains.Sweeps;
using Sweep.Grains.Trials;

namespace Sweep.Grains.Storage.Sqlite;

/// <summary>Grants and renews leases, on rows that the write transaction has to itself.</summary>
internal static class SqliteLeasing
{
    private const string OpenSweeps =
        $"""
        SELECT s.sweep AS Sweep, s.id AS Id, (SELECT SUM(c.running) FROM sweep_counts c WHERE c.sweep = s.sweep) AS Running FROM sweeps s
        WHERE NOT s.paused AND (@SweepId IS NULL OR s.id = @SweepId)
            AND EXISTS (SELECT 1 FROM trials t WHERE t.sweep = s.sweep AND t.state = {Code.Queued})
        """;

    public static async Task<IReadOnlyList<Lease>> LeaseAsync(SqlWork work, LeaseRequest request, CoordinatorOptions options)
    {
        // Two lease durations without a sign of life: such a silo is not counted on.
        long since = work.Now - (2 * (long)options.LeaseDuration.TotalMilliseconds);
        (List<TrialRow> expired, List<SiloRow> known, List<SweepKey> sweeps) = await work.ListAsync<TrialRow, SiloRow, SweepKey>(
            TrialRows.ExpiredQuery(work.Store), Silos.Query, OpenSweeps, new { work.Now, id = request.Silo, since, request.SweepId });
        TrialRows.Expire(work, expired, options);
        SiloRow silo = known.Count > 0 ? known[0] : await Silos.RegisterAsync(work, request.Silo, since);
        Silos.Seen(work, silo);
        Silos.Says(work, silo, request.About);
        var asker = new Asker(silo.Silo, (int)(request.About?.Offers ?? Abilities.None));
        if (silo.Quarantined is not null || request.MaxTrials <= 0)
            return [];
        if (expired.Count > 0)
            sweeps = await work.ListAsync<SweepKey>(OpenSweeps, new { request.SweepId });
        asker = asker with { FailedSince = silo.HasOthers ? work.Now - (long)options.RetryElsewhereFor.TotalMilliseconds : long.MaxValue };

        // The best few of each sweep: one query over all sweeps would sort the whole queue.
        List<SweepHead<QueuedRow>> heads = [];
        foreach (SweepKey sweep in sweeps)
            heads.Add(await HeadAsync(work, sweep, asker, request.MaxTrials, options));
        bool holdsSuspect = heads.Exists(h => h.Trials.Any(t => t.Suspect)) && await work.FirstOrDefaultAsync<long?>(
            $"SELECT trial FROM trials WHERE state = {Code.Running} AND silo = @Silo AND losses >= @SuspectAfterLosses LIMIT 1",
                new { silo.Silo, options.SuspectAfterLosses }) is not null;
        List<Lease> leases = [];
        List<(int Head, QueuedRow Trial)> next = SweepTurns.Next(heads, request.MaxTrials, holdsSuspect);
        foreach ((_, QueuedRow row) in next)
        {
            if (await TakeAsync(work, row, silo.Silo, options) is { } lease)
                leases.Add(lease);
        }

        // Trials whose specs can't be read are no answer: the next ones are.
        return leases.Count > 0 || next.Count == 0 ? leases : await LeaseAsync(work, request, options);
    }

    /// <summary>The head of a sweep's queue, as far as this silo may have it, with the first of the trials that may be what kills silos.</summary>
    private static async Task<SweepHead<QueuedRow>> HeadAsync(SqlWork work, SweepKey sweep, Asker asker, int most, CoordinatorOptions options)
    {
        List<QueuedRow> rows = await QueuedAsync(work, sweep, asker, most, "", options);
        if (rows.Exists(row => row.IsSuspect(options)))
        {
            rows = await QueuedAsync(work, sweep, asker, most, "AND t.losses < @SuspectAfterLosses", options);
            rows.AddRange(await QueuedAsync(work, sweep, asker, 1, "AND t.losses >= @SuspectAfterLosses", options));
            rows = [.. rows.OrderBy(row => row.IsSuspect(options)).ThenByDescending(row => row.Cost).ThenBy(row => row.Ordinal)];
        }

        return new SweepHead<QueuedRow>(sweep.Sweep, sweep.Running + work.Moved(sweep.Sweep, TrialStatus.Running),
            [.. rows.Select(row => (row, row.Cost, row.IsSuspect(options)))]);
    }

    /// <param name="and">A further condition, or nothing.</param>
    private static async Task<List<QueuedRow>> QueuedAsync(SqlWork work, SweepKey sweep, Asker asker, int most, string and, CoordinatorOptions options)
    {
        List<QueuedRow> rows = await work.ListAsync<QueuedRow>(
            $"""
            SELECT t.trial AS Trial, t.attempts AS Attempts, t.memory_failures AS MemoryFailures, t.losses AS Losses, t.cost AS Cost,
                t.ordinal AS Ordinal, t.id AS Id, t.spec AS Spec, t.digest AS Digest
            FROM trials t
            WHERE t.sweep = @Sweep AND t.state = {Code.Queued}
                AND (t.failed_on IS NULL OR t.failed_on <> @Silo OR t.failed_at <= @FailedSince) AND (t.needs & @Offers) = t.needs {and}
            ORDER BY t.cost DESC, t.ordinal LIMIT @most
            """,
            new { sweep.Sweep, asker.Silo, asker.FailedSince, asker.Offers, most, options.SuspectAfterLosses });
        foreach (QueuedRow row in rows)
            row.Sweep = sweep;
        return rows;
    }

    /// <summary>Null where the trial's spec can't be read nor made again from the sweep's, which fails it for good.</summary>
    private static async Task<Lease?> TakeAsync(SqlWork work, QueuedRow row, long silo, CoordinatorOptions options)
    {
        TrialSpec? trial = null;
        string problem = "";
        try
        {
            trial = await StoredTrials.ReadAsync(
                work.Connection, work.Transaction, (row.Sweep.Sweep, row.Ordinal, row.Id), row.Spec, row.Digest, work.CancellationToken);
        }
        catch (Exception e) when (e is StoreException { IsLasting: true } or JsonException or ArgumentException or FormatException or InvalidOperationException)
        {
            problem = StoredTrials.Unreadable(e.Message);
        }

        TrialState leased = row.ToState().Lease(silo, work.Now, options);
        work.Later(
            "UPDATE trials SET state = @state, attempts = @Attempts, silo = @Silo, expires = @Expires WHERE trial = @Trial",
            new { state = (int)leased.Status, leased.Attempts, leased.Silo, leased.Expires, row.Trial });
        work.Later(
            "INSERT INTO attempts (trial, attempt, silo, started) VALUES (@Trial, @Attempts, @silo, @Now)", new { row.Trial, leased.Attempts, silo, work.Now });
        work.Move(row.Sweep.Sweep, TrialStatus.Queued, leased.Status, row.Cost);
        if (trial is null)
        {
            TrialRow taken = (await TrialRows.FindAsync(work, row.Trial))!;
            TrialRows.End(work, taken, taken.ToState().Fail(AttemptOutcome.Failed, problem, charge: true, work.Now, options, mustRepeat: true));
            return null;
        }

        return new Lease
        {
            SweepId = row.Sweep.Id,
            Trial = trial,
            Attempt = leased.Attempts,
            FencingToken = leased.Attempts,
            Holder = silo,
            Expires = DateTimeOffset.FromUnixTimeMilliseconds(leased.Expires!.Value),
            Cost = row.Cost,
        };
    }

    public static async Task<IReadOnlyList<HeartbeatAnswer>> HeartbeatAsync(
        SqlWork work, string siloId, IReadOnlyList<LeaseProgress> progress, CoordinatorOptions options)
    {
        SiloRow silo = await Silos.FindAsync(work, siloId, 0);
        HeartbeatAnswer[] answers = new HeartbeatAnswer[progress.Count];
        for (int i = 0; i < answers.Length; i++)
        {
            LeaseProgress entry = progress[i];
            TrialRow? row = await TrialRows.FindAsync(work, entry.SweepId, entry.TrialId);
            TrialState? state = row?.ToState();
            if (row is null || state is null || !state.IsHeld(silo.Silo, entry.FencingToken))
            {
                answers[i] = HeartbeatAnswer.Lost;
                continue;
            }

            await work.ExecuteAsync(
                "UPDATE trials SET expires = @Expires, phase = @Phase, fraction = @fraction, loss = @loss WHERE trial = @Trial",
                new { state.Renew(work.Now, options).Expires, entry.Phase, fraction = Math.Clamp(Finite(entry.Fraction) ?? 0, 0, 1),
                    loss = Finite(entry.Loss), row.Trial });
            bool paused = await work.FirstOrDefaultAsync<bool>("SELECT paused FROM sweeps WHERE sweep = @Sweep", new { row.Sweep });
            answers[i] = state.Answer(paused);
        }

        Silos.Seen(work, silo);
        return answers;
    }

    /// <summary>A loss that has diverged is reported as it is and stored as none: engines disagree on what NaN in a column is.</summary>
    private static double? Finite(double? value) => value is { } x && double.IsFinite(x) ? x : null;

    /// <summary>The silo that asks, what it can do, and since when a trial's failure on it still counts against it.</summary>
    private sealed record Asker(long Silo, int Offers, long FailedSince = long.MaxValue);

    private sealed class SweepKey
    {
        public long Sweep { get; set; }

        public string Id { get; set; } = "";

        public int Running { get; set; }
    }

    private sealed class QueuedRow
    {
        public SweepKey Sweep { get; set; } = new();

        public long Trial { get; set; }

        public int Attempts { get; set; }

        public int MemoryFailures { get; set; }

        public int Losses { get; set; }

        public double Cost { get; set; }

        public long Ordinal { get; set; }

        public string Id { get; set; } = "";

        public string Spec { get; set; } = "";

        public byte[] Digest { get; set; } = [];

        public TrialState ToState() => new() { Attempts = Attempts, MemoryFailures = MemoryFailures, Losses = Losses };

        public bool IsSuspect(CoordinatorOptions limits) => ToState().IsSuspect(limits);
    }
}
