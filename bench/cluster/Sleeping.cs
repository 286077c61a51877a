using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Sweep.Grains.Coordination;
using Sweep.Grains.Storage.Postgres;
using Sweep.Infra;
using Sweep.Silo;

namespace Sweep.Bench.Cluster;

/// <summary>Trials that sleep, on real silos (processes with the silo's own loop): how far the whole is over the ideal, trials x seconds / slots.</summary>
internal static class Sleeping
{
    private const int TargetTrials = 10_000;

    public static async Task RunAsync(ScratchPostgres server, BenchOptions options, Ledger ledger)
    {
        string load = Ledger.Load;
        int trials = options.Number("sleeping", options.Quick ? 1_000 : TargetTrials);
        int milliseconds = options.Number("sleep-ms", options.Quick ? 100 : 1_000);
        int processes = options.Number("silo-processes", 4);
        int slots = 16 / processes;
        string url = $"{server.Url}?schema=sleeping";
        await using PostgresSweeps coordinator = await PostgresSweeps.OpenAsync(PostgresUrl.Parse(url), TimeProvider.System, StoreOpening.Create);
        (Sweep.Grains.Specs.SweepSpec warmSpec, List<PlannedTrial> warm) = Samples.Sweep("warm", 400);
        string warmId = (await coordinator.SubmitAsync(warmSpec, warm, CancellationToken.None)).SweepId;
        (Sweep.Grains.Specs.SweepSpec spec, List<PlannedTrial> planned) = Samples.Sweep("sleeping", trials);
        string id = (await coordinator.SubmitAsync(spec, planned, CancellationToken.None)).SweepId;
        List<Process> workers = [.. Enumerable.Range(0, processes).Select(i => Worker.Start(
            "silo", url, string.Create(CultureInfo.InvariantCulture, $"sleeper-{i}"), slots.ToString(CultureInfo.InvariantCulture),
            milliseconds.ToString(CultureInfo.InvariantCulture), warmId, id))];
        foreach (Process worker in workers)
            await worker.StandardOutput.ReadLineAsync();
        TimeSpan before = server.CpuTime();
        foreach (Process worker in workers)
            await worker.StandardInput.WriteLineAsync("go");
        foreach (Process worker in workers)
        {
            await worker.WaitForExitAsync();
            worker.Dispose();
        }

        TimeSpan cpu = server.CpuTime() - before;
        string ofSweep =
            $"FROM sleeping.attempts a JOIN sleeping.trials t ON t.trial = a.trial JOIN sleeping.sweeps s ON s.sweep = t.sweep WHERE s.id = '{id}'";
        double seconds = (long)(await server.ScalarAsync($"SELECT max(a.ended) - min(a.started) {ofSweep}"))! / 1000.0;
        long attempts = (long)(await server.ScalarAsync($"SELECT count(*) {ofSweep}"))!;
        SweepSummary summary = (await coordinator.FindAsync(id, CancellationToken.None))!;
        double ideal = trials * milliseconds / 1000.0 / (processes * slots);
        double over = (seconds / ideal) - 1;
        double target = options.Quick ? 0.05 : 0.01;
        Console.WriteLine(
            $"{trials:N0} trials of {milliseconds} ms on {processes} silos x {slots} slots: {seconds:0.00} s, ideal {ideal:0.00} s, {over:P2} over; "
            + $"{summary.Completed:N0} completed in {attempts:N0} attempts; database {cpu.TotalSeconds / seconds:0.000} cores");
        ledger.Row(
            $"{trials:N0} trials that sleep {milliseconds} ms on 16 slots", $"{seconds:0.0} s, {over:P2} over {ideal:0.0} s", $"<= {target:P0} over the ideal",
            over <= target && summary.Completed == trials && attempts == trials);
        ledger.Keep(
            options.Quick ? "sleeping_quick" : "sleeping",
            new JsonObject
            {
                ["trials"] = trials, ["trial_ms"] = milliseconds, ["silos"] = processes, ["slots"] = processes * slots, ["seconds"] = seconds,
                ["ideal_seconds"] = ideal, ["over"] = over,
                ["completed"] = summary.Completed, ["attempts"] = attempts, ["database_cores"] = cpu.TotalSeconds / seconds,
            },
            load);
    }

    /// <summary>One silo process: warms up on a sweep of its own, prints a line, and works on the other when told to.</summary>
    public static async Task<int> WorkAsync(string url, string silo, int slots, int milliseconds, string warm, string sweep)
    {
        await using BenchSilo member = await BenchSilo.OpenAsync(PostgresUrl.Parse(url), silo);
        async Task RunAsync(string id, int sleepMs)
        {
            var options = new SiloOptions { Id = silo, Slots = slots, ArtifactsDirectory = Path.GetTempPath(), SweepId = id, StopWhenIdle = true };
            await new SiloWorker(member.Coordinator, new Sleeper(sleepMs), options, member.Observer, TimeProvider.System).RunAsync(CancellationToken.None);
        }

        await RunAsync(warm, 5);
        Console.WriteLine("ready");
        Console.ReadLine();
        await RunAsync(sweep, milliseconds);
        return 0;
    }

    private sealed class Sleeper(int milliseconds) : ITrialRunner
    {
        private readonly TrialResult _result = Samples.Result();

        public TrialResult Run(AttemptProgress attempt, CancellationToken cancellationToken)
        {
            cancellationToken.WaitHandle.WaitOne(milliseconds);
            cancellationToken.ThrowIfCancellationRequested();
            return _result;
        }

        public void Forget(Lease lease)
        {
        }
    }
}
