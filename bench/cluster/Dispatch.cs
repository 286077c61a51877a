using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Sweep.Grains.Coordination;
using Sweep.Grains.Storage.Postgres;
using Sweep.Infra;

namespace Sweep.Bench.Cluster;

/// <summary>
/// Silo processes with the silo's own loop: how long a slot waits from the end of one trial to the beginning of the next (its result committed in between), how
/// many trials a second go through, and what that costs the database.
/// </summary>
internal static class Dispatch
{
    /// <summary>Seconds before anything is measured; then as long again as the longest trial, until slots are out of step.</summary>
    private const int Warm = 3;
    private static readonly int[] Sizes = [16, 128, 1024];

    public static async Task RunAsync(ScratchPostgres server, BenchOptions options, Ledger ledger)
    {
        string load = Ledger.Load;
        int seconds = options.Number("seconds", options.Quick ? 6 : 20);
        int processes = options.Number("processes", 2);
        int offered = options.Number("offered", 100);
        int most = options.Number("trials", options.Quick ? 20_000 : 60_000);
        int[] sizes = options.Number("size", 0) is > 0 and var one ? [one] : Sizes;
        List<DispatchFigures> figures = [];
        foreach (int slots in sizes)
        {
            // Trials of no time show the most that goes through; trials at a rate that can be borne show what a slot waits.
            DispatchRun flat = await RunOneAsync(server, slots, processes, 0, seconds, most);
            DispatchRun paced = await RunOneAsync(server, slots, processes, slots * 1000 / offered, seconds, (offered * (seconds + Warm) * 2) + (slots * 5));
            var figure = new DispatchFigures(slots, paced.Percentile(0.5), paced.Percentile(0.99), flat.Rate, flat.DatabaseMs, paced.DatabaseMs, flat.SiloMs);
            figures.Add(figure);
            Console.WriteLine(figure.Row);
        }

        Console.WriteLine();
        Console.WriteLine(DispatchFigures.Heading);
        figures.ForEach(f => Console.WriteLine(f.Row));
        ledger.Keep(
            "dispatch",
            new JsonObject
            {
                ["seconds"] = seconds, ["processes"] = processes, ["offered_per_second"] = offered,
                ["runs"] = new JsonArray([.. figures.Select(f => f.ToJson())]),
            },
            load);
    }

    /// <summary>A run whose queue was empty before its time was up would count idle slots: it is made again with more trials.</summary>
    private static async Task<DispatchRun> RunOneAsync(ScratchPostgres server, int slots, int processes, int milliseconds, int seconds, int trials)
    {
        while (true)
        {
            (DispatchRun run, bool ranOut) = await TryRunOneAsync(server, slots, processes, milliseconds, seconds, trials);
            if (!ranOut)
                return run;
            trials *= 2;
            Console.WriteLine($"  …ran out of trials: again, with {trials:N0}");
        }
    }

    private static async Task<(DispatchRun Run, bool RanOut)> TryRunOneAsync(ScratchPostgres server, int slots, int processes, int milliseconds,
        int seconds, int trials)
    {
        string schema = string.Create(CultureInfo.InvariantCulture, $"dispatch_{slots}_{milliseconds}_{trials}");
        string url = $"{server.Url}?schema={schema}";
        await using PostgresSweeps coordinator = await PostgresSweeps.OpenAsync(PostgresUrl.Parse(url), TimeProvider.System, StoreOpening.Create);
        (Sweep.Grains.Specs.SweepSpec spec, List<PlannedTrial> planned) = Samples.Sweep("dispatch", trials);
        string id = (await coordinator.SubmitAsync(spec, planned, CancellationToken.None)).SweepId;
        await server.ScalarAsync($"ANALYZE {schema}.trials");
        List<Process> silos = [.. Enumerable.Range(0, processes).Select(i => Worker.Start(
            "dispatch", url, string.Create(CultureInfo.InvariantCulture, $"silo-{i}"), Text(slots / processes), Text(milliseconds),
                Text(Warm + (milliseconds * 3 / 2000)), Text(seconds)))];
        foreach (Process silo in silos)
            await silo.StandardOutput.ReadLineAsync();
        TimeSpan before = server.CpuTime();
        foreach (Process silo in silos)
            await silo.StandardInput.WriteLineAsync("go");
        List<DispatchReport> reports = [];
        foreach (Process silo in silos)
            reports.Add(DispatchReport.Parse(await silo.StandardOutput.ReadLineAsync()
                ?? throw new InvalidOperationException("a silo ended without a report")));
        TimeSpan cpu = server.CpuTime() - before;
        SweepSummary summary = (await coordinator.FindAsync(id, CancellationToken.None))!;
        foreach (Process silo in silos)
        {
            await silo.StandardInput.WriteLineAsync("stop");
            await silo.WaitForExitAsync();
            silo.Dispose();
        }

        var run = new DispatchRun(reports, cpu, seconds);
        Console.WriteLine(
            $"  {slots:N0} slots, trials of {milliseconds} ms: {run.Rate:N0} trials/s, a slot waits {run.Percentile(0.5):0.0} ms (99th percentile "
                + $"{run.Percentile(0.99):0.0}), "
            + $"database {run.DatabaseMs:0.00} ms a trial, silos {run.SiloMs:0.00} ms");
        return (run, summary.Queued == 0);
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
