using System.Buffers.Binary;
using System.Data.Common;
using Dapper;
using Npgsql;
using Sweep.Grains.Coordination;
using Sweep.Grains.Storage;
using Sweep.Grains.Specs;
using Sweep.Silo;

namespace Sweep.Tests.Client.Dashboard;

/// <summary>
/// A sweep of 100,000 trials (10,000 groups of 10 seeds), of which 95% are completed with the metrics and curves of real ones, 1% failed for good and some run:
/// submitted as any other, then moved on by SQL, since no test has the time to lease each.
/// </summary>
internal static class LargeSweep
{
    public const int Trials = 100_000, Completed = 95_000, Failed = 1000, Running = 200, CurvePoints = 101;

    public static readonly string[] Metrics =
    [
        "log_likelihood", "energy_distance", "sliced_wasserstein2", "mode_coverage", "mode_precision", "log_likelihood_total_variation", "steps_to_threshold",
        "denoiser_evaluations",
        "train_seconds", "sample_seconds",
    ];

    private static readonly string[] Curves = ["log_likelihood", "log_likelihood_x0", "training_loss"];

    private const string Yaml = """
        sweep: large
        seeds: 10
        axes:
          dataset: [{kind: gmm-ring, name: ring8}, {kind: gmm-grid, name: grid9},
            {kind: gmm-ring, name: ring5, components: 5}, {kind: gmm-ring, name: ring6, components: 6}, {kind: gmm-ring, name: ring7, components: 7}]
          preprocessing: [standardize, whiten, ica, gaussianize]
          schedule: [vp-linear, vp-cosine, ve, edm]
          width: [8, 16, 32, 64, 128]
          training.learning_rate: [1e-4, 3e-4, 1e-3, 3e-3, 1e-2]
          training.batch: [32, 64, 128, 256, 512]
        training: {steps: 4000, points: 20000}
        sampling: {steps: 100, samples: 4096}
        """;

    public static SweepSpec Spec()
    {
        string path = Path.Combine(Path.GetTempPath(), $"sweep-large-{Environment.ProcessId}.yaml");
        File.WriteAllText(path, Yaml);
        SpecReading reading = SpecReader.Read(path, SpecCatalogue.Default);
        File.Delete(path);
        return reading.Spec ?? throw new InvalidOperationException(string.Join('\n', reading.Errors));
    }

    /// <param name="coordinator">The empty store.</param>
    /// <param name="connection">To the same, open, its tables in reach.</param>
    /// <param name="now">By the store's clock, in milliseconds since 1970.</param>
    public static async Task FillAsync(ISweepOperations coordinator, DbConnection connection, long now)
    {
        SweepSpec spec = Spec();
        await coordinator.SubmitAsync(spec, TrialExpansion.Expand(spec).Select(t => new PlannedTrial(t, TrialCost.Estimate(t))), CancellationToken.None);
        await using DbTransaction transaction = await connection.BeginTransactionAsync();

        // 7919 is a prime: states and values are spread over all axes.
        const string Place = "(ordinal * 7919 % 100000)";
        await Do($"UPDATE trials SET state = 2, attempts = 1 WHERE {Place} < {Completed}");
        await Do($"UPDATE trials SET state = 3, attempts = 3, failures = 3, message = 'the loss is NaN at step 812' WHERE {Place} >= {Completed} AND {Place} "
            + $"< {Completed + Failed}");
        for (int i = 0; i < 20; i++)
            await Do("INSERT INTO silos (id, first_seen, last_seen, completed) VALUES (@id, @now, @now, @completed)",
                new { id = $"node-{i}/gpu0", now, completed = Completed / 20 });
        long silo = await connection.ExecuteScalarAsync<long>("SELECT MIN(silo) FROM silos", transaction: transaction);
        await Do(
            $"""
            UPDATE trials SET state = 1, attempts = 1, silo = @silo + ordinal % 20, expires = @later, phase = 'train', fraction = 0.5, loss = 0.25
            WHERE {Place} >= {Completed + Failed} AND {Place} < {Completed + Failed + Running}
            """,
            new { silo, later = now + 3_600_000 });
        await Do("INSERT INTO attempts (trial, attempt, silo, outcome, started, ended) SELECT trial, 1, @silo + ordinal % 20, 1, @began, @now FROM trials "
            + "WHERE state = 2", new { silo, began = now - 60_000, now });
        await Do("INSERT INTO attempts (trial, attempt, silo, outcome, started) SELECT trial, 1, silo, 0, @began FROM trials WHERE state = 1",
            new { began = now - 60_000 });
        for (int attempt = 1; attempt <= 3; attempt++)
        {
            await Do(
                "INSERT INTO attempts (trial, attempt, silo, outcome, started, ended, message) SELECT trial, @attempt, @silo, 2, @now, @now, 'the loss is NaN "
                    + "at step ' || ordinal FROM trials WHERE state = 3",
                new { attempt, silo, now });
        }

        byte[] points = new byte[CurvePoints * sizeof(float)];
        for (int i = 0; i < CurvePoints; i++)
            BinaryPrimitives.WriteSingleLittleEndian(points.AsSpan(i * sizeof(float)), -5f + (i * 0.04f));
        StoredCurve[] curves = [.. Curves.Select(c => new StoredCurve(c, points))];
        (long Trial, byte[] Digest)[] results =
            [.. (await connection.QueryAsync<(long Trial, long Ordinal, string Id)>("SELECT trial, ordinal, id FROM trials WHERE state = 2",
            transaction: transaction))
            .Select(t => (t.Trial,
                ResultDigest.Of(t.Id, 1, new ResultContent("cpu", "[]",
                [.. Metrics.Select(m => new StoredMetric(m, (t.Ordinal * 7919 % 100000 / 50000.0) - 3, -0.5, null))], curves))))];
        if (connection is NpgsqlConnection)
        {
            await Do(
                $"""
                INSERT INTO results SELECT t.trial, 1, 'cpu', '[]', d.digest, @Metrics, array_fill({Place}::double precision / 50000 - 3, ARRAY[@count]),
                    array_fill(-0.5::double precision, ARRAY[@count]),
                    array_fill(NULL::text, ARRAY[@count]), @Curves, ARRAY[@points, @points, @points] FROM unnest(@trials, @digests) AS d (trial, digest)
                    JOIN trials t ON t.trial = d.trial
                """,
                new { Metrics, Curves, points, count = Metrics.Length, trials = results.Select(r => r.Trial).ToArray(),
                    digests = results.Select(r => r.Digest).ToArray() });
        }
        else
        {
            await connection.ExecuteAsync(
                "INSERT INTO results (trial, attempt, device, notes, digest) VALUES (@Trial, 1, 'cpu', '[]', @Digest)",
                    results.Select(r => new { r.Trial, r.Digest }), transaction);
            foreach (string metric in Metrics)
                await Do($"INSERT INTO metrics (trial, name, value, truth_level) SELECT trial, @metric, {Place} / 50000.0 - 3, -0.5 FROM trials WHERE state = "
                    + $"2", new { metric });
            foreach (string curve in Curves)
                await Do("INSERT INTO curves (trial, name, points) SELECT trial, @curve, @points FROM trials WHERE state = 2", new { curve, points });
        }

        await Do("DELETE FROM sweep_counts");
        await Do(
            $"""
            INSERT INTO sweep_counts (sweep, slot, queued, running, completed, failed, cost_completed)
            SELECT sweep, 0, {Trials - Completed - Failed - Running}, {Running}, {Completed}, {Failed}, SUM(CASE WHEN state = 2 THEN cost ELSE 0 END)
            FROM trials GROUP BY sweep
            """);
        await transaction.CommitAsync();

        Task<int> Do(string sql, object? parameters = null) => connection.ExecuteAsync(sql, parameters, transaction, commandTimeout: 600);
    }
}
