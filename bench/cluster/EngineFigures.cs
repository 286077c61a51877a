using System.Text.Json.Nodes;

namespace Sweep.Bench.Cluster;

/// <summary>One engine at one size.</summary>
/// <param name="DatabaseSeconds">The database's CPU per 1,000 trials at the highest rate.</param>
/// <param name="PacedDatabaseSeconds">The same at the offered rate, heartbeats and questions for work included.</param>
/// <param name="SiloSeconds">The silo processes' CPU per 1,000 trials at the highest rate.</param>
internal sealed record EngineFigures(
    string Engine, int Slots, double MedianMs, double NinetyNinthMs, double Rate, double DatabaseSeconds, double PacedDatabaseSeconds, double SiloSeconds)
{
    /// <summary>What counts as no worse: the runs differ by that much.</summary>
    private const double Alike = 1.1;

    public static string Heading =>
        "| engine | slots | dispatch, median | 99th percentile | trials/s | database CPU per 1,000 | the same at the offered rate | silos' CPU per 1,000 |\n|---|---|---|---|---|---|---|---|";

    public string Row => $"| {Engine} | {Slots:N0} | {MedianMs:0.0} ms | {NinetyNinthMs:0.0} ms | {Rate:N0} | {DatabaseSeconds:0.00} s | {PacedDatabaseSeconds:0.00} s | {SiloSeconds:0.00} s |";

    /// <summary>From the first size on at which, and at all larger ones, Orleans is better by one of rate, tail and database CPU and no worse by the others.</summary>
    public static string Advice(IReadOnlyList<EngineFigures> figures)
    {
        int? from = null;
        foreach (IGrouping<int, EngineFigures> size in figures.GroupBy(f => f.Slots).OrderByDescending(g => g.Key))
        {
            EngineFigures postgres = size.Single(f => f.Engine == EngineWorker.Postgres), orleans = size.Single(f => f.Engine == EngineWorker.Orleans);
            double[] gains = [orleans.Rate / postgres.Rate, postgres.NinetyNinthMs / orleans.NinetyNinthMs, postgres.DatabaseSeconds / orleans.DatabaseSeconds];
            if (!gains.All(g => g >= 1 / Alike) || !gains.Any(g => g > Alike))
                break;
            from = size.Key;
        }

        return from is { } slots
            ? $"Orleans from {slots:N0} slots on, PostgreSQL below: there Orleans gains by at least one of rate, 99th percentile and database CPU, and loses by none."
            : "PostgreSQL at every size measured: at the largest, Orleans is not better by one of rate, 99th percentile and database CPU without being worse by another.";
    }

    public JsonObject ToJson() => new()
    {
        ["engine"] = Engine, ["slots"] = Slots, ["dispatch_median_ms"] = MedianMs, ["dispatch_p99_ms"] = NinetyNinthMs, ["trials_per_second"] = Rate,
        ["database_cpu_seconds_per_1000"] = DatabaseSeconds, ["database_cpu_seconds_per_1000_at_offered_rate"] = PacedDatabaseSeconds, ["silo_cpu_seconds_per_1000"] = SiloSeconds,
    };
}
