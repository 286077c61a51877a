using System.Data.Common;
using System.Runtime.CompilerServices;
using Dapper;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Storage;

/// <summary>The reader's queries. Each method sees one snapshot; the stream of results sees one per page, so that it never holds the log back.</summary>
/// <param name="store">The store.</param>
/// <param name="silentAfter">A silo not seen for this long is not counted on.</param>
internal sealed class SweepQueries(SqlStore store, TimeSpan silentAfter)
{
    private const int Page = 256, MaxKeys = 1000;

    /// <summary>For <see cref="ResultRows"/>.</summary>
    private const string AllPoints = "c.points", NoPoints = "NULL";

    private const string SummaryQuery =
        """
        SELECT s.sweep AS Sweep, s.id AS Id, s.name AS Name, s.paused AS Paused, s.stopped AS Stopped, s.note AS Note, s.submitted AS Submitted,
            s.total AS Total, s.cost_total AS CostTotal, s.trace AS Trace, s.host AS Host,
            MAX(CASE WHEN s.resolved LIKE '%"tune":{%' THEN 1 ELSE 0 END) AS Tunes,
            SUM(c.queued) AS Queued, SUM(c.running) AS Running, SUM(c.completed) AS Completed, SUM(c.failed) AS Failed,
            SUM(c.cancelled) AS Cancelled, SUM(c.held) AS Held, SUM(c.pruned) AS Pruned, s.looks AS Looks, s.look AS Look,
            SUM(c.cost_completed) AS CostCompleted
        FROM sweeps s JOIN sweep_counts c ON c.sweep = s.sweep
        """;

    private const string SummaryGroup =
        "GROUP BY s.sweep, s.id, s.name, s.paused, s.stopped, s.note, s.submitted, s.total, s.cost_total, s.looks, s.look, s.trace, s.host "
        + "ORDER BY s.sweep";

    private const string TrialColumns =
        """
        t.trial AS Trial, t.sweep AS Sweep, t.ordinal AS Ordinal, t.id AS Id, t.spec AS Spec, t.digest AS Digest, t.state AS State,
        t.attempts AS Attempts, t.failures AS Failures, t.losses AS Losses,
        t.phase AS Phase, t.fraction AS Fraction,
        h.id AS Silo, t.message AS Message
        """;

    /// <summary>Such trials have an index of their own, which is empty in most stores.</summary>
    private const string UnservedQuery =
        $"""
        SELECT t.sweep AS Sweep, t.needs AS Needs, COUNT(*) AS Count FROM trials t
        WHERE t.state = {Code.Queued} AND t.needs <> 0
            AND NOT EXISTS (SELECT 1 FROM silos h WHERE h.quarantined IS NULL AND h.last_seen > @since AND (t.needs & h.offers) = t.needs)
        GROUP BY t.sweep, t.needs
        """;

    public Task<IReadOnlyList<SweepSummary>> ListAsync(CancellationToken cancellationToken) => store.ReadAsync(
        connection => SummariesAsync(connection, $"{SummaryQuery} {SummaryGroup}", null, cancellationToken), cancellationToken);

    public Task<SweepSummary?> FindAsync(string nameOrId, CancellationToken cancellationToken) => store.ReadAsync(
        async connection =>
        {
            IReadOnlyList<SweepSummary> found =
                await SummariesAsync(
                    connection, $"{SummaryQuery} WHERE s.id = @nameOrId OR s.name = @nameOrId {SummaryGroup}", new { nameOrId }, cancellationToken);

            // One sweep's name may be another's id: the id wins.
            return found.FirstOrDefault(sweep => sweep.Id == nameOrId) ?? (found.Count > 0 ? found[0] : null);
        },
        cancellationToken);

    private async Task<IReadOnlyList<SweepSummary>> SummariesAsync(
        DbConnection connection, string query, object? parameters, CancellationToken cancellationToken)
    {
        List<SummaryRow> rows = await ListAsync<SummaryRow>(connection, query, parameters, cancellationToken);
        long since = await store.NowAsync(connection, cancellationToken) - (long)silentAfter.TotalMilliseconds;
        ILookup<long, UnservedRow> unserved =
            (await ListAsync<UnservedRow>(connection, UnservedQuery, new { since }, cancellationToken)).ToLookup(row => row.Sweep);
        return [.. rows.Select(row => row.ToSummary(unserved[row.Sweep]))];
    }

    /// <summary>Whether trials may come, or a race's last look is to be judged, which whoever asks for more brings about.</summary>
    public Task<bool> MayComeAsync(LeaseRequest request, CancellationToken cancellationToken) => store.ReadAsync(
        async connection => (await ListAsync<long>(
            connection,
            $"""
            SELECT t.trial FROM trials t JOIN sweeps s ON s.sweep = t.sweep
            WHERE t.state IN ({Code.Queued}, {Code.Running}, {Code.Held}) AND NOT s.paused AND (@SweepId IS NULL OR s.id = @SweepId)
                AND (t.needs & @offers) = t.needs
                AND NOT EXISTS (SELECT 1 FROM silos h WHERE h.id = @Silo AND h.quarantined IS NOT NULL)
            UNION ALL
            SELECT s.sweep FROM sweeps s
            WHERE s.look > 0 AND s.look = s.looks AND NOT s.paused AND (@SweepId IS NULL OR s.id = @SweepId)
                AND NOT EXISTS (SELECT 1 FROM trials t WHERE t.sweep = s.sweep AND t.state IN ({Code.Queued}, {Code.Running}))
            LIMIT 1
            """,
            new { request.SweepId, request.Silo, offers = (int)(request.About?.Offers ?? Abilities.None) },
            cancellationToken)).Count > 0,
        cancellationToken);

    public Task<(string ResolvedJson, string Source)> SpecAsync(string sweepId, CancellationToken cancellationToken) => store.ReadAsync(
        async connection =>
        {
            List<SweepRow> rows = await ListAsync<SweepRow>(
                connection, $"{StoredTrials.SweepQuery} WHERE id = @sweepId", new { sweepId }, cancellationToken);
            return rows.Count == 0 ? throw Unknown(sweepId) : rows[0].IsSound ? (rows[0].Resolved, rows[0].Source) : throw StoredTrials.Damaged(rows[0]);
        },
        cancellationToken);

    public Task<IReadOnlyList<TrialSummary>> TrialsAsync(string sweepId, TrialQuery query, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(query.Skip);
        ArgumentOutOfRangeException.ThrowIfNegative(query.Take);
        return store.ReadAsync<IReadOnlyList<TrialSummary>>(
            async connection =>
            {
                long sweep = await KeyAsync(connection, sweepId, cancellationToken);
                (string page, DynamicParameters parameters) = TrialPage.Of(store, sweep, query);
                List<TrialListRow> rows = await ListAsync<TrialListRow>(
                    connection,
                    $"SELECT {TrialColumns} FROM ({page}) p JOIN trials t ON t.trial = p.trial LEFT JOIN silos h ON h.silo = t.silo ORDER BY p.place",
                    parameters,
                    cancellationToken);

                // Of a few trials that are known the page need not be found once more.
                bool few = rows.Count is > 0 and <= MaxKeys;
                Dictionary<long, ReadResult> results = few
                    ? await ResultRows.ReadAsync(
                        connection,
                        $"SELECT trial FROM trials WHERE {store.Among("trial", "@keys")}",
                        new { keys = rows.Select(r => r.Trial).ToArray() },
                        NoPoints,
                        cancellationToken)
                    : await ResultRows.ReadAsync(connection, page, parameters, NoPoints, cancellationToken);
                List<TrialSummary> summaries = new(rows.Count);
                foreach (TrialListRow row in rows)
                {
                    TrialSpec trial = await StoredTrials.ReadAsync(connection, null, row, cancellationToken);
                    summaries.Add(row.ToSummary(trial, results.TryGetValue(row.Trial, out ReadResult read) ? read : null));
                }

                return summaries;
            },
            cancellationToken);
    }

    public Task<IReadOnlyDictionary<AttemptOutcome, int>> CausesAsync(string sweepId, CancellationToken cancellationToken) =>
        store.ReadAsync<IReadOnlyDictionary<AttemptOutcome, int>>(
            async connection =>
            {
                long sweep = await KeyAsync(connection, sweepId, cancellationToken);
                List<CauseRow> rows = await ListAsync<CauseRow>(
                    connection,
                    """
                    SELECT a.outcome AS Outcome, COUNT(*) AS Count FROM attempts a JOIN trials t ON t.trial = a.trial
                    WHERE a.outcome > 1 AND t.sweep = @sweep GROUP BY a.outcome ORDER BY a.outcome
                    """,
                    new { sweep },
                    cancellationToken);
                return rows.ToDictionary(row => (AttemptOutcome)row.Outcome, row => row.Count);
            },
            cancellationToken);

    public Task<byte[]?> FileAsync(string sha256, CancellationToken cancellationToken) => store.ReadAsync(
        async connection => (await ListAsync<byte[]>(
            connection, "SELECT content FROM files WHERE sha256 = @sha256", new { sha256 }, cancellationToken)).FirstOrDefault(),
        cancellationToken);

    public Task<(byte[] Bytes, int Length)?> FileAsync(string sha256, int from, int most, CancellationToken cancellationToken) => store.ReadAsync(
        async connection => (await ListAsync<FilePiece>(
            connection,
            "SELECT substr(content, @from + 1, @most) AS Bytes, length(content) AS Length FROM files WHERE sha256 = @sha256",
            new { sha256, from, most },
            cancellationToken)).FirstOrDefault() is { } piece ? (piece.Bytes, piece.Length) : ((byte[], int)?)null,
        cancellationToken);

    public Task<TrialDetail?> TrialAsync(string sweepId, string trialIdOrPrefix, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(trialIdOrPrefix);
        return store.ReadAsync(
            async connection =>
            {
                long sweep = await KeyAsync(connection, sweepId, cancellationToken);

                // Ids are ASCII, so a prefix is a range of the index.
                List<IdRow> found = await ListAsync<IdRow>(
                    connection,
                    "SELECT trial AS Trial, id AS Id FROM trials WHERE sweep = @sweep AND id >= @trialIdOrPrefix AND id < @end ORDER BY id LIMIT 2",
                    new { sweep, trialIdOrPrefix, end = trialIdOrPrefix + "\uffff" },
                    cancellationToken);
                if (found.Count == 0)
                    return null;
                if (found.Count > 1 && found[0].Id != trialIdOrPrefix)
                    throw new ArgumentException($"trial: {trialIdOrPrefix}; allowed: a prefix of one id only (it fits {found[0].Id} and {found[1].Id})");
                return await DetailAsync(connection, found[0].Trial, cancellationToken);
            },
            cancellationToken);
    }

    public async IAsyncEnumerable<CompletedTrial> CompletedAsync(
        string sweepId, Action<DamagedTrial>? damaged, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        long after = -1, found = 0;
        long? counted = null;
        while (true)
        {
            List<(long Ordinal, TrialSpec Trial, ReadResult Result)> page = await store.ReadAsync(
                async connection =>
                {
                    long sweep = await KeyAsync(connection, sweepId, cancellationToken);
                    const string Ids =
                        $"SELECT trial FROM trials WHERE sweep = @sweep AND state = {Code.Completed} AND ordinal > @after ORDER BY ordinal LIMIT @Page";
                    object parameters = new { sweep, after, Page };
                    counted ??= (await ListAsync<long>(
                        connection, "SELECT CAST(SUM(completed) AS BIGINT) FROM sweep_counts WHERE sweep = @sweep", parameters, cancellationToken))[0];
                    List<TrialListRow> rows = await ListAsync<TrialListRow>(
                        connection,
                        $"SELECT {TrialColumns} FROM ({Ids}) p JOIN trials t ON t.trial = p.trial LEFT JOIN silos h ON h.silo = t.silo ORDER BY t.ordinal",
                        parameters,
                        cancellationToken);
                    Dictionary<long, ReadResult> results = await ResultRows.ReadAsync(connection, Ids, parameters, AllPoints, cancellationToken);
                    List<(long, TrialSpec, ReadResult)> read = new(rows.Count);
                    foreach (TrialListRow row in rows)
                        read.Add((row.Ordinal, await StoredTrials.ReadAsync(connection, null, row, cancellationToken), Of(results, row.Trial)));
                    return read;
                },
                cancellationToken);
            foreach ((_, TrialSpec trial, ReadResult read) in page)
            {
                if (read.Result is { } result)
                    yield return new CompletedTrial(trial, result);
                else if (damaged is null)
                    throw new StoreException($"the stored result of trial {trial.Id} is damaged: {read.Problem}");
                else
                    damaged(new DamagedTrial(trial, read.Problem!));
            }

            found += page.Count;
            if (page.Count < Page)
                break;
            after = page[^1].Ordinal;
        }

        // A row whose state or index has changed by itself is missed by every query.
        if (found < counted)
        {
            throw new StoreException(
                $"the store is damaged: it counts {counted} completed trials and holds {found}; run the spec in a new folder or store (docs/failures.md)")
            {
                IsLasting = true,
            };
        }
    }

    /// <summary>Results of completed trials, by ordinal, without those that are damaged.</summary>
    public Task<IReadOnlyDictionary<int, TrialResult>> ResultsAsync(
        string sweepId, IReadOnlyCollection<int> ordinals, IReadOnlyCollection<string>? curves, CancellationToken cancellationToken) =>
        store.ReadAsync<IReadOnlyDictionary<int, TrialResult>>(
            async connection =>
            {
                if (ordinals.Count == 0)
                    return new Dictionary<int, TrialResult>();
                long sweep = await KeyAsync(connection, sweepId, cancellationToken);
                string chosen = $"FROM trials WHERE sweep = @sweep AND state = {Code.Completed} AND {store.Among("ordinal", "@ordinals")}";
                object parameters = new { sweep, ordinals = ordinals.ToArray(), curves = curves?.ToArray() };
                List<OrdinalRow> rows = await ListAsync<OrdinalRow>(
                    connection, $"SELECT trial AS Trial, ordinal AS Ordinal {chosen}", parameters, cancellationToken);
                string points = curves is null ? AllPoints : curves.Count == 0 ? NoPoints : $"CASE WHEN {store.Among("c.name", "@curves")} THEN c.points END";
                Dictionary<long, ReadResult> results = await ResultRows.ReadAsync(connection, $"SELECT trial {chosen}", parameters, points, cancellationToken);
                return rows.Where(row => Of(results, row.Trial).Result is not null).ToDictionary(row => (int)row.Ordinal, row => results[row.Trial].Result!);
            },
            cancellationToken);

    public async Task<IReadOnlyList<string>> FinishedAsync(IReadOnlyCollection<string> trialIds, CancellationToken cancellationToken) => trialIds.Count == 0
        ? []
        : await store.ReadAsync<IReadOnlyList<string>>(
            async connection => await ListAsync<string>(
                connection,
                $"""
                SELECT t.id FROM trials t WHERE {store.Among("t.id", "@ids")}
                GROUP BY t.id HAVING MIN(CASE WHEN t.state IN ({Code.Completed}, {Code.Cancelled}, {Code.Pruned}) THEN 1 ELSE 0 END) = 1 ORDER BY t.id
                """,
                new { ids = trialIds.ToArray() },
                cancellationToken),
            cancellationToken);

    public Task<IReadOnlyList<SiloSummary>> SilosAsync(CancellationToken cancellationToken) => store.ReadAsync<IReadOnlyList<SiloSummary>>(
        async connection =>
        {
            List<SiloListRow> rows = await ListAsync<SiloListRow>(
                connection,
                $"""
                SELECT h.id AS Id, h.first_seen AS FirstSeen, h.last_seen AS LastSeen, h.artifacts AS Artifacts,
                    h.devices AS Devices, h.slots AS Slots, h.offers AS Offers, h.completed AS Completed, h.failed AS Failed,
                    h.quarantined AS Quarantined, h.reason AS Reason, COALESCE(r.running, 0) AS Running
                FROM silos h LEFT JOIN (SELECT silo, COUNT(*) AS running FROM trials WHERE state = {Code.Running} GROUP BY silo) r ON r.silo = h.silo
                ORDER BY h.id
                """,
                null,
                cancellationToken);
            long now = await store.NowAsync(connection, cancellationToken);
            return [.. rows.Select(row => row.ToSummary(now))];
        },
        cancellationToken);

    private static async Task<TrialDetail> DetailAsync(DbConnection connection, long trial, CancellationToken cancellationToken)
    {
        TrialListRow row = (await ListAsync<TrialListRow>(
            connection,
            $"SELECT {TrialColumns} FROM trials t LEFT JOIN silos h ON h.silo = t.silo WHERE t.trial = @trial",
            new { trial },
            cancellationToken))[0];
        List<AttemptRow> attempts = await ListAsync<AttemptRow>(
            connection,
            """
            SELECT a.attempt AS Attempt, h.id AS Silo, a.outcome AS Outcome, a.started AS Started, a.ended AS Ended, a.message AS Message,
                a.charged AS Charged, h.artifacts AS Artifacts
            FROM attempts a JOIN silos h ON h.silo = a.silo WHERE a.trial = @trial ORDER BY a.attempt
            """,
            new { trial },
            cancellationToken);
        Dictionary<long, ReadResult> results = await ResultRows.ReadAsync(
            connection, "SELECT trial FROM trials WHERE trial = @trial", new { trial }, AllPoints, cancellationToken);
        ReadResult? read = results.TryGetValue(trial, out ReadResult found) ? found : null;
        TrialSpec spec = await StoredTrials.ReadAsync(connection, null, row, cancellationToken);
        return new TrialDetail(row.ToSummary(spec, read), [.. attempts.Select(attempt => attempt.ToRecord())], read?.Result);
    }

    private static ReadResult Of(Dictionary<long, ReadResult> results, long trial) =>
        results.TryGetValue(trial, out ReadResult read) ? read : new ReadResult(null, TrialListRow.MissingResult);

    private static async Task<long> KeyAsync(DbConnection connection, string sweepId, CancellationToken cancellationToken)
    {
        List<long> keys = await ListAsync<long>(connection, "SELECT sweep FROM sweeps WHERE id = @sweepId", new { sweepId }, cancellationToken);
        return keys.Count == 0 ? throw Unknown(sweepId) : keys[0];
    }

    private static async Task<List<T>> ListAsync<T>(DbConnection connection, string sql, object? parameters, CancellationToken cancellationToken) =>
        (await connection.QueryAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken))).AsList();

    private static ArgumentException Unknown(string sweepId) => new($"no such sweep: {sweepId}; allowed: the id of a sweep in the store");

    private sealed class FilePiece
    {
        public byte[] Bytes { get; set; } = [];

        public int Length { get; set; }
    }
}
