using System.Diagnostics;
using System.Text.Json.Nodes;
using Sweep.Grains.Coordination;
using Sweep.Grains.Storage.Postgres;
using Sweep.Infra;

namespace Sweep.Bench.Cluster;

/// <summary>The latency of a lease in a store with few finished trials and in one with many, taken in turns.</summary>
internal static class LeaseLatency
{
    private const int Few = 1_000;
    private const int TargetMany = 100_000;

    public static async Task RunAsync(ScratchPostgres server, BenchOptions options, Ledger ledger)
    {
        string load = Ledger.Load;
        int many = options.Number("finished", options.Quick ? 10_000 : TargetMany);
        int samples = options.Number("samples", options.Quick ? 1_000 : 3_000);
        await using BenchSilo small = await FillAsync(server, "few", Few, samples);
        await using BenchSilo large = await FillAsync(server, "many", many, samples);
        TrialResult result = Samples.Result();
        List<double> ofSmall = [];
        List<double> ofLarge = [];

        async Task TakeAsync(ICoordinator store, List<double> times)
        {
            long start = Stopwatch.GetTimestamp();
            Lease lease = (await store.LeaseAsync(new LeaseRequest("one", 1), CancellationToken.None))[0];
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            await store.CompleteAsync(lease, result, CancellationToken.None);
        }

        for (int i = 0; i < samples; i++)
        {
            await TakeAsync((i % 2 == 0 ? small : large).Coordinator, i % 2 == 0 ? ofSmall : ofLarge);
            await TakeAsync((i % 2 == 0 ? large : small).Coordinator, i % 2 == 0 ? ofLarge : ofSmall);
        }

        double a = Median(ofSmall), b = Median(ofLarge), tailA = Percentile(ofSmall, 0.99), tailB = Percentile(ofLarge, 0.99);
        Console.WriteLine($"a lease, {Few:N0} finished: {a:0.000} ms (99th percentile {tailA:0.0}); {many:N0} finished: {b:0.000} ms ({tailB:0.0})");
        ledger.Row($"lease latency, {many:N0} finished over {Few:N0}, median", $"{b / a:0.00}x ({a:0.00} and {b:0.00} ms)", "<= 1.3x",
            many == TargetMany || b / a > 1.3 ? b / a <= 1.3 : null);
        ledger.Keep(
            "latency",
            new JsonObject { ["few"] = Few, ["many"] = many, ["samples"] = samples, ["few_ms"] = a, ["many_ms"] = b, ["few_p99_ms"] = tailA,
                ["many_p99_ms"] = tailB, ["ratio"] = b / a },
            load);
    }

    private static async Task<BenchSilo> FillAsync(ScratchPostgres server, string schema, int finished, int queued)
    {
        BenchSilo silo = await BenchSilo.OpenAsync(PostgresUrl.Parse($"{server.Url}?schema={schema}"), "filler");
        ICoordinator store = silo.Coordinator;
        (Sweep.Grains.Specs.SweepSpec spec, List<PlannedTrial> planned) = Samples.Sweep(schema, finished + queued);
        await store.SubmitAsync(spec, planned, CancellationToken.None);
        TrialResult result = Samples.Result();
        IReadOnlyList<Lease> held = [];
        for (int left = finished; left > 0 || held.Count > 0; left -= held.Count)
        {
            held = (await store.CompleteAndLeaseAsync(
                [.. held.Select(lease => new FinishedTrial(lease, result))], new LeaseRequest("filler", Math.Min(100, left)), CancellationToken.None)).Leases;
        }

        return silo;
    }

    private static double Median(List<double> values) => Percentile(values, 0.5);

    private static double Percentile(List<double> values, double p)
    {
        double[] sorted = [.. values.Order()];
        return sorted[(int)(p * (sorted.Length - 1))];
    }
}
