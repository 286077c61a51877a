using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Sweep.Grains.Coordination;
using Sweep.Grains.Storage.Postgres;
using Sweep.Infra;

namespace Sweep.Bench.Cluster;

/// <summary>Submitting many trials, their status, and silo processes that lease and complete them as fast as the store lets them.</summary>
internal static class Throughput
{
    private const int TargetTrials = 100_000;

    public static async Task RunAsync(ScratchPostgres server, BenchOptions options, Ledger ledger)
    {
        string load = Ledger.Load;
        int trials = options.Number("trials", options.Quick ? 20_000 : TargetTrials);
        int processes = options.Number("processes", 16);
        int slots = options.Number("slots", 1);
        string url = $"{server.Url}?schema=throughput";
        await using PostgresSweeps coordinator = await PostgresSweeps.OpenAsync(PostgresUrl.Parse(url), TimeProvider.System, StoreOpening.Create);
        (Sweep.Grains.Specs.SweepSpec spec, List<PlannedTrial> planned) = Samples.Sweep("large", trials);
        long start = Stopwatch.GetTimestamp();
        await coordinator.SubmitAsync(spec, planned, CancellationToken.None);
        double submit = Stopwatch.GetElapsedTime(start).TotalSeconds;
        (double first, double best) = await StatusAsync(coordinator);
        Console.WriteLine($"submit {trials:N0} trials: {submit:0.0} s; status {first:0} ms at first, {best:0.0} ms at best");
        bool? Met(bool met) => trials == TargetTrials || !met ? met : null;
        ledger.Row($"submit {trials:N0} trials", $"{submit:0.0} s", "<= 10 s", Met(submit <= 10));

        (double rate, TimeSpan serverCpu, List<WorkerReport> reports, int counted) =
            await DrainAsync(server, coordinator, url, trials, processes, slots, options);
        (double firstAfter, double bestAfter) = await StatusAsync(coordinator);
        object? deadlocks = await server.ScalarAsync("SELECT deadlocks FROM pg_stat_database WHERE datname = 'postgres'");
        double serverMs = serverCpu.TotalMilliseconds / counted;
        double silosMs = reports.Sum(r => r.CpuMs) / counted;
        bool once = reports.Sum(r => r.Completed) == counted && reports.Sum(r => r.Stale + r.Errors) == 0;
        Console.WriteLine($"  CPU per trial: server {serverMs:0.000} ms, silo processes {silosMs:0.000} ms; each trial once: {once}; deadlocks: {deadlocks}");
        Console.WriteLine($"  a call took {reports.Average(r => r.CallMs):0.0} ms (the median)");
        ledger.Row($"status of {trials:N0} trials, queries", $"{Math.Max(first, firstAfter):0} ms at first, {Math.Max(best, bestAfter):0.0} ms at best",
            "<= 200 ms", Met(Math.Max(first, firstAfter) <= 200));
        ledger.Row(
            $"lease + complete, 3 curves of 101 points, {processes} processes x {slots} slots",
            $"{rate:N0} trials/s, {deadlocks} deadlocks, each trial once: {once}; CPU {serverMs:0.00} + {silosMs:0.00} ms", ">= 2,000 trials/s",
                rate >= 2000 && once);
        ledger.Keep(
            slots == 1 ? "throughput" : $"throughput_{slots}_slots",
            new JsonObject
            {
                ["trials"] = trials, ["processes"] = processes, ["slots"] = slots, ["together"] = !options.Separate, ["submit_seconds"] = submit,
                ["status_first_ms"] = Math.Max(first, firstAfter), ["status_best_ms"] = Math.Max(best, bestAfter), ["trials_per_second"] = rate,
                ["server_cpu_ms_per_trial"] = serverMs, ["silo_cpu_ms_per_trial"] = silosMs, ["each_once"] = once,
                ["deadlocks"] = Convert.ToInt64(deadlocks, CultureInfo.InvariantCulture),
                ["call_ms"] = reports.Average(r => r.CallMs),
            },
            load);
        if (options.Profile)
            Console.WriteLine(await server.ProfileAsync());
    }

    private static async Task<(double Rate, TimeSpan ServerCpu, List<WorkerReport> Reports, int Counted)> DrainAsync(
        ScratchPostgres server, PostgresSweeps coordinator, string url, int trials, int processes, int slots, BenchOptions options)
    {
        // What the runtime compiles first is no matter of the store's.
        int warmUp = Math.Min(1500, trials / processes / 4);
        List<Process> workers = [.. Enumerable.Range(0, processes).Select(i => Worker.Start(
            "drain", url, string.Create(CultureInfo.InvariantCulture, $"silo-{i}"), slots.ToString(CultureInfo.InvariantCulture),
            warmUp.ToString(CultureInfo.InvariantCulture), options.Separate ? "separate" : "together"))];
        foreach (Process worker in workers)
            await worker.StandardOutput.ReadLineAsync();
        int warm = (await coordinator.FindAsync("large", CancellationToken.None))!.Completed;
        if (options.Profile)
            await server.ScalarAsync("SELECT pg_stat_statements_reset()");
        TimeSpan before = server.CpuTime();
        long start = Stopwatch.GetTimestamp();
        foreach (Process worker in workers)
            await worker.StandardInput.WriteLineAsync("go");
        Task ended = Task.WhenAll(workers.Select(w => w.WaitForExitAsync()));
        for (int done = warm; !ended.IsCompleted;)
        {
            long window = Stopwatch.GetTimestamp();
            await Task.WhenAny(Task.Delay(10_000), ended);
            int now = (await coordinator.FindAsync("large", CancellationToken.None))!.Completed;
            Console.WriteLine($"  {now,7:N0} done, {(now - done) / Stopwatch.GetElapsedTime(window).TotalSeconds:N0} trials/s");
            done = now;
        }

        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        TimeSpan cpu = server.CpuTime() - before;
        List<WorkerReport> reports = [];
        foreach (Process worker in workers)
        {
            reports.Add(WorkerReport.Parse(await worker.StandardOutput.ReadToEndAsync()));
            worker.Dispose();
        }

        Console.WriteLine($"  {trials - warm:N0} trials after {warm:N0} to warm up, in {seconds:0.0} s: {(trials - warm) / seconds:N0} trials/s");
        return ((trials - warm) / seconds, cpu, reports, trials - warm);
    }

    /// <summary>What <c>sweep status</c> asks; the first time and the best of five.</summary>
    private static async Task<(double First, double Best)> StatusAsync(PostgresSweeps coordinator)
    {
        double best = double.MaxValue;
        double first = 0;
        for (int i = 0; i < 5; i++)
        {
            long began = Stopwatch.GetTimestamp();
            SweepSummary sweep = (await coordinator.FindAsync("large", CancellationToken.None))!;
            await coordinator.TrialsAsync(sweep.Id, TrialStatus.Running, 0, 20, CancellationToken.None);
            await coordinator.TrialsAsync(sweep.Id, TrialStatus.Failed, 0, 20, CancellationToken.None);
            await coordinator.CausesAsync(sweep.Id, CancellationToken.None);
            await coordinator.SilosAsync(CancellationToken.None);
            double took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            first = i == 0 ? took : first;
            best = Math.Min(best, took);
        }

        return (first, best);
    }
}
