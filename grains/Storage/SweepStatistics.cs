using System.Data.Common;
using Dapper;
using Sweep.Grains.Coordination;

namespace Sweep.Grains.Storage;

/// <summary>The queries of <see cref="ISweepStatistics"/>. Each sees one snapshot.</summary>
internal sealed class SweepStatistics(SqlStore store)
{
    private const int SampledTrials = 20;

    /// <summary>
    /// Spreads ordinals over 0 to 2^32 - 1 without regard to what counts fastest in them (Knuth's multiplicative hash): a sample by remainder would leave whole
    /// axis values out.
    /// </summary>
    private const string Spread = "((t.ordinal * 2654435761) % 4294967296)";

    public Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken) =>
        store.ReadAsync(async connection => DateTimeOffset.FromUnixTimeMilliseconds(await store.NowAsync(connection, cancellationToken)), cancellationToken);

    public Task<IReadOnlyDictionary<string, SweepPace>> PaceAsync(CancellationToken cancellationToken) =>
        store.ReadAsync<IReadOnlyDictionary<string, SweepPace>>(
            async connection =>
            {
                long now = await store.NowAsync(connection, cancellationToken);
                List<PaceRow> rows = await ListAsync<PaceRow>(
                    connection,
                    $"""
                    SELECT s.id AS Id, t.cost AS Cost, t.fraction AS Fraction, a.started AS Started
                    FROM trials t JOIN sweeps s ON s.sweep = t.sweep JOIN attempts a ON a.trial = t.trial AND a.attempt = t.attempts
                    WHERE t.state = {Code.Running}
                    """,
                    null,
                    cancellationToken);
                return rows.GroupBy(r => r.Id, StringComparer.Ordinal).ToDictionary(g => g.Key, g => Pace(now, [.. g]), StringComparer.Ordinal);
            },
            cancellationToken);

    public Task<IReadOnlyList<RunningAttemptSummary>> RunningAsync(int most, CancellationToken cancellationToken) =>
        store.ReadAsync<IReadOnlyList<RunningAttemptSummary>>(
            async connection =>
            {
                List<RunningRow> rows = await ListAsync<RunningRow>(
                    connection,
                    $"""
                    SELECT s.id AS SweepId, s.name AS SweepName, t.id AS TrialId, h.id AS Silo, t.phase AS Phase, t.fraction AS Fraction, t.expires AS Expires
                    FROM trials t JOIN sweeps s ON s.sweep = t.sweep JOIN silos h ON h.silo = t.silo
                    WHERE t.state = {Code.Running} ORDER BY t.expires DESC LIMIT @most
                    """,
                    new { most },
                    cancellationToken);
                return
                [
                    .. rows.Select(r => new RunningAttemptSummary(
                        r.SweepId, r.SweepName, r.TrialId, r.Silo, r.Phase, r.Fraction, StoredTime.Of(r.Expires))),
                ];
            },
            cancellationToken);

    public Task<int> CountAsync(string sweepId, TrialQuery query, CancellationToken cancellationToken) => OfSweepAsync(
        sweepId,
        async (connection, sweep) =>
        {
            (string sql, DynamicParameters parameters) = TrialPage.CountOf(store, sweep, query);
            return (int)(await ListAsync<long>(connection, sql, parameters, cancellationToken))[0];
        },
        cancellationToken);

    public Task<IReadOnlyList<GroupCount>> GroupsAsync(string sweepId, int groupSize, CancellationToken cancellationToken) =>
        OfSweepAsync<IReadOnlyList<GroupCount>>(
            sweepId,
            async (connection, sweep) =>
            {
                List<GroupRow> rows = await ListAsync<GroupRow>(
                    connection,
                    """
                    SELECT t.ordinal / @groupSize AS GroupIndex, t.state AS State, COUNT(*) AS Count
                    FROM trials t WHERE t.sweep = @sweep GROUP BY t.ordinal / @groupSize, t.state ORDER BY 1, 2
                    """,
                    new { sweep, groupSize = (long)groupSize },
                    cancellationToken);
                return [.. rows.Select(r => new GroupCount((int)r.GroupIndex, (TrialStatus)r.State, (int)r.Count))];
            },
            cancellationToken);

    public Task<IReadOnlyList<GroupMean>> MeansAsync(string sweepId, int groupSize, IReadOnlyList<string> metrics, CancellationToken cancellationToken) =>
        OfSweepAsync<IReadOnlyList<GroupMean>>(
            sweepId,
            async (connection, sweep) =>
            {
                List<GroupMean> means = [];
                foreach (string metric in metrics)
                {
                    (string value, string stored) = store.ValueOf(metric, "@metric");
                    List<MeanRow> rows = await ListAsync<MeanRow>(
                        connection,
                        $"""
                        SELECT t.ordinal / @groupSize AS GroupIndex, AVG({value}) AS Mean FROM trials t
                        WHERE t.sweep = @sweep AND t.state = {Code.Completed} GROUP BY t.ordinal / @groupSize
                        """,
                        new { sweep, groupSize = (long)groupSize, metric = stored },
                        cancellationToken);
                    means.AddRange(rows.Where(r => r.Mean is not null).Select(r => new GroupMean((int)r.GroupIndex, metric, r.Mean!.Value)));
                }

                return means;
            },
            cancellationToken);

    public Task<IReadOnlyList<MetricPoints>> PointsAsync(string sweepId, IReadOnlyList<string> metrics, int most, CancellationToken cancellationToken) =>
        OfSweepAsync<IReadOnlyList<MetricPoints>>(
            sweepId,
            async (connection, sweep) =>
            {
                long completed = (await ListAsync<long>(
                    connection, "SELECT COALESCE(SUM(completed), 0) FROM sweep_counts WHERE sweep = @sweep", new { sweep }, cancellationToken))[0];
                long below = completed <= most ? 4294967296 : 4294967296 / completed * most;
                DynamicParameters parameters = new();
                parameters.Add("sweep", sweep);
                parameters.Add("below", below);
                string columns = "";
                for (int i = 0; i < metrics.Count; i++)
                {
                    (string value, string stored) = store.ValueOf(metrics[i], $"@m{i}");
                    parameters.Add($"m{i}", stored);
                    columns += $", {value}";
                }

                string sql =
                    $"SELECT t.ordinal{columns} FROM trials t WHERE t.sweep = @sweep AND t.state = {Code.Completed} AND {Spread} < @below ORDER BY t.ordinal";
                List<MetricPoints> points = [];
                CommandDefinition command = new(sql, parameters, cancellationToken: cancellationToken);
                await using DbDataReader reader = await connection.ExecuteReaderAsync(command);
                while (await reader.ReadAsync(cancellationToken))
                {
                    double?[] values = new double?[metrics.Count];
                    for (int i = 0; i < values.Length; i++)
                        values[i] = await reader.IsDBNullAsync(i + 1, cancellationToken) ? null : reader.GetDouble(i + 1);
                    points.Add(new MetricPoints((int)reader.GetInt64(0), values));
                }

                return points;
            },
            cancellationToken);

    public Task<IReadOnlyList<string>> MetricNamesAsync(string sweepId, CancellationToken cancellationToken) => OfSweepAsync<IReadOnlyList<string>>(
        sweepId,
        async (connection, sweep) => await ListAsync<string>(
            connection,
            $"""
            SELECT DISTINCT m.name FROM (SELECT trial FROM trials WHERE sweep = @sweep AND state = {Code.Completed} ORDER BY ordinal LIMIT {SampledTrials}) p
            JOIN metrics m ON m.trial = p.trial ORDER BY m.name
            """,
            new { sweep },
            cancellationToken),
        cancellationToken);

    public Task<IReadOnlyList<TroubledAttempt>> TroubledAsync(string sweepId, int most, CancellationToken cancellationToken) =>
        OfSweepAsync<IReadOnlyList<TroubledAttempt>>(
            sweepId,
            async (connection, sweep) =>
            {
                // CROSS JOIN: SQLite then begins with the attempts in trouble, which have an index and are few.
                List<TroubleRow> rows = await ListAsync<TroubleRow>(
                    connection,
                    """
                    SELECT t.id AS Trial, t.state AS State, a.outcome AS Outcome, a.message AS Message, h.id AS Silo
                    FROM attempts a CROSS JOIN trials t CROSS JOIN silos h
                    WHERE a.outcome > 1 AND t.trial = a.trial AND t.sweep = @sweep AND h.silo = a.silo ORDER BY a.trial, a.attempt LIMIT @most
                    """,
                    new { sweep, most },
                    cancellationToken);
                return [.. rows.Select(r => new TroubledAttempt(r.Trial, (TrialStatus)r.State, (AttemptOutcome)r.Outcome, r.Message, r.Silo))];
            },
            cancellationToken);

    public Task<IReadOnlyList<int>> CompletedOrdinalsAsync(string sweepId, CancellationToken cancellationToken) => OfSweepAsync<IReadOnlyList<int>>(
        sweepId,
        async (connection, sweep) => [.. (await ListAsync<long>(
            connection,
            $"SELECT ordinal FROM trials WHERE sweep = @sweep AND state = {Code.Completed} ORDER BY ordinal",
            new { sweep },
            cancellationToken)).Select(o => (int)o)],
        cancellationToken);

    public Task<IReadOnlyDictionary<string, DateTimeOffset>> CompletionTimesAsync(string sweepId, CancellationToken cancellationToken) =>
        OfSweepAsync<IReadOnlyDictionary<string, DateTimeOffset>>(
            sweepId,
            async (connection, sweep) => (await ListAsync<CompletionRow>(
                connection,
                $"""
                SELECT t.id AS Id, MIN(a.ended) AS Ended FROM trials t JOIN attempts a ON a.trial = t.trial
                WHERE t.sweep = @sweep AND a.outcome = {Code.AttemptCompleted} AND a.ended IS NOT NULL GROUP BY t.id
                """,
                new { sweep },
                cancellationToken)).ToDictionary(row => row.Id, row => StoredTime.Of(row.Ended), StringComparer.Ordinal),
            cancellationToken);

    public Task<IReadOnlyList<string>> TrialIdsAsync(string sweepId, IReadOnlyCollection<int> ordinals, CancellationToken cancellationToken) =>
        OfSweepAsync<IReadOnlyList<string>>(
            sweepId,
            async (connection, sweep) => ordinals.Count == 0 ? [] : await ListAsync<string>(
                connection,
                $"SELECT id FROM trials WHERE sweep = @sweep AND {store.Among("ordinal", "@ordinals")} ORDER BY ordinal",
                new { sweep, ordinals = ordinals.ToArray() },
                cancellationToken),
            cancellationToken);

    /// <summary>Runs queries about one sweep.</summary>
    private Task<T> OfSweepAsync<T>(string sweepId, Func<DbConnection, long, Task<T>> work, CancellationToken cancellationToken) => store.ReadAsync(
        async connection =>
        {
            List<long> keys = await ListAsync<long>(connection, "SELECT sweep FROM sweeps WHERE id = @sweepId", new { sweepId }, cancellationToken);
            return keys.Count == 0
                ? throw new ArgumentException($"no such sweep: {sweepId}; allowed: the id of a sweep in the store")
                : await work(connection, keys[0]);
        },
        cancellationToken);

    private static SweepPace Pace(long now, PaceRow[] rows)
    {
        double inFlight = 0, rate = 0;
        int measured = 0;
        foreach (PaceRow row in rows)
        {
            double done = row.Cost * (row.Fraction ?? 0);
            inFlight += done;
            double seconds = (now - row.Started) / 1000.0;
            if (done <= 0 || seconds <= 0)
                continue;
            rate += done / seconds;
            measured++;
        }

        return new SweepPace(inFlight, rate, measured, rows.Length);
    }

    private static async Task<List<T>> ListAsync<T>(DbConnection connection, string sql, object? parameters, CancellationToken cancellationToken) =>
        (await connection.QueryAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken))).AsList();
}
