using System.Text.Json.Nodes;

namespace Sweep.Bench.Cluster;

/// <summary>The cluster at one size.</summary>
/// <param name="DatabaseSeconds">The database's CPU per 1,000 trials at the highest rate.</param>
/// <param name="PacedDatabaseSeconds">The same at the offered rate, heartbeats and questions for work included.</param>
/// <param name="SiloSeconds">The silo processes' CPU per 1,000 trials at the highest rate.</param>
internal sealed record DispatchFigures(
    int Slots, double MedianMs, double NinetyNinthMs, double Rate, double DatabaseSeconds, double PacedDatabaseSeconds, double SiloSeconds)
{
    public static string Heading =>
        "| slots | dispatch, median | 99th percentile | trials/s | database CPU per 1,000 | the same at the offered rate | silos' CPU per 1,000 "
            + "|\n|---|---|---|---|---|---|---|";

    public string Row =>
        $"| {Slots:N0} | {MedianMs:0.0} ms | {NinetyNinthMs:0.0} ms | {Rate:N0} | {DatabaseSeconds:0.00} s | {PacedDatabaseSeconds:0.00} s | "
        + $"{SiloSeconds:0.00} s |";

    public JsonObject ToJson() => new()
    {
        ["slots"] = Slots, ["dispatch_median_ms"] = MedianMs, ["dispatch_p99_ms"] = NinetyNinthMs, ["trials_per_second"] = Rate,
        ["database_cpu_seconds_per_1000"] = DatabaseSeconds, ["database_cpu_seconds_per_1000_at_offered_rate"] = PacedDatabaseSeconds,
        ["silo_cpu_seconds_per_1000"] = SiloSeconds,
    };
}
