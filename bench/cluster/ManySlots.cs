using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Sweep.Grains.Coordination;
using Sweep.Grains.Storage.Postgres;
using Sweep.Infra;

namespace Sweep.Bench.Cluster;

/// <summary>
/// 1,000 slots as 100 silos of ten on four Orleans silos: every slot leases, "works" for some seconds, and reports; each silo renews its leases every 10 s, as
/// real ones do. They live in this process, whose own CPU time is not the store's.
/// </summary>
internal static class ManySlots
{
    private const int Members = 4;
    private static readonly TimeSpan HeartbeatEvery = TimeSpan.FromSeconds(10);

    public static async Task RunAsync(ScratchPostgres server, BenchOptions options, Ledger ledger)
    {
        string load = Ledger.Load;
        int silos = options.Number("silos", 100);
        int slots = options.Number("slots-each", 10);
        int seconds = options.Number("seconds", options.Quick ? 15 : 60);
        int trialSeconds = options.Number("trial-seconds", 5);
        string url = $"{server.Url}?schema=slots&application_name=many";
        await using PostgresSweeps operating = await PostgresSweeps.OpenAsync(
            PostgresUrl.Parse($"{server.Url}?schema=slots"), TimeProvider.System, StoreOpening.Create);
        (Sweep.Grains.Specs.SweepSpec spec, List<PlannedTrial> planned) = Samples.Sweep("slots", (silos * slots * ((seconds / trialSeconds) + 3)) + 1000);
        await operating.SubmitAsync(spec, planned, CancellationToken.None);
        List<BenchSilo> members = [];
        for (int i = 0; i < Members; i++)
            members.Add(await BenchSilo.OpenAsync(PostgresUrl.Parse(url), string.Create(CultureInfo.InvariantCulture, $"member-{i}")));
        using var stop = new CancellationTokenSource();
        var counts = new Counts();
        Task[] all = [.. Enumerable.Range(0, silos)
            .Select(i => Task.Run(() => SiloAsync(members[i % Members].Coordinator, i, slots, trialSeconds, counts, stop.Token)))];
        while (Volatile.Read(ref counts.Running) < silos * slots && !Array.Exists(all, t => t.IsFaulted))
            await Task.Delay(100);
        Console.WriteLine($"{silos * slots:N0} slots at work, trials of {trialSeconds} s");
        TimeSpan before = server.CpuTime();
        int doneBefore = Volatile.Read(ref counts.Completed);
        long start = Stopwatch.GetTimestamp();
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        double took = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double cores = (server.CpuTime() - before).TotalSeconds / took;
        int done = Volatile.Read(ref counts.Completed) - doneBefore;
        object? connections = await server.ScalarAsync("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'many'");
        await stop.CancelAsync();
        await Task.WhenAll(all);
        foreach (BenchSilo member in members)
            await member.DisposeAsync();
        long lost = (long)(await server.ScalarAsync(
            string.Create(CultureInfo.InvariantCulture, $"SELECT count(*) FROM slots.attempts WHERE outcome = {(int)AttemptOutcome.Lost}")))!;
        Console.WriteLine(
            $"  {took:0} s, {connections} connections: {done:N0} trials, {counts.Renewed:N0} leases renewed; lost or stale {lost + counts.Lost}, errors "
            + $"{counts.Errors}; database {cores:0.00} cores");
        ledger.Row(
            $"{silos * slots:N0} slots on {connections} connections for {took:0} s, trials of {trialSeconds} s",
            $"{lost + counts.Lost} leases lost, database {cores:0.00} cores, {done / took:0} trials/s", "no lease lost, below 1 core",
            lost + counts.Lost + counts.Errors > 0 || cores >= 1 ? false : seconds >= 60 && silos * slots >= 1000 ? true : null);
        ledger.Keep(
            "slots",
            new JsonObject
            {
                ["slots"] = silos * slots, ["connections"] = Convert.ToInt64(connections, CultureInfo.InvariantCulture), ["seconds"] = took,
                ["trial_seconds"] = trialSeconds,
                ["trials"] = done, ["renewed"] = counts.Renewed, ["lost"] = lost + counts.Lost, ["errors"] = counts.Errors, ["database_cores"] = cores,
            },
            load);
    }

    private static async Task SiloAsync(ICoordinator store, int number, int slots, int trialSeconds, Counts counts, CancellationToken stop)
    {
        string id = string.Create(CultureInfo.InvariantCulture, $"silo-{number}");
        TrialResult result = Samples.Result();
        List<(Lease Lease, long Due)> running = [];
        long beat = Environment.TickCount64 + (number * 100 % 10_000);
        int trial = 0;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                // Half to one and a half of the time, no two slots in step.
                long now = Environment.TickCount64;
                List<(Lease Lease, long Due)> due = [.. running.Where(r => r.Due <= now)];
                if (due.Count > 0 || running.Count < slots)
                {
                    CompletedAndLeased both = await store.CompleteAndLeaseAsync(
                        [.. due.Select(d => new FinishedTrial(d.Lease, result))], new LeaseRequest(id, slots - running.Count + due.Count),
                            CancellationToken.None);
                    running.RemoveAll(due.Contains);
                    Interlocked.Add(ref counts.Running, both.Leases.Count - due.Count);
                    Interlocked.Add(ref counts.Completed, both.Answers.Count(a => a == ReportAnswer.Accepted));
                    Interlocked.Add(ref counts.Lost, both.Answers.Count(a => a == ReportAnswer.Stale));
                    foreach (Lease lease in both.Leases)
                        running.Add((lease, now + (trialSeconds * (500 + (((number * 7919) + (trial++ * 104_729)) % 1000)))));
                }

                if (now >= beat)
                {
                    beat = now + (long)HeartbeatEvery.TotalMilliseconds;
                    IReadOnlyList<HeartbeatAnswer> answers = await store.HeartbeatAsync(
                        id, [.. running.Select(r => new LeaseProgress(r.Lease.SweepId, r.Lease.Trial.Id, r.Lease.FencingToken, "train", 0.5, 0.1))],
                            CancellationToken.None);
                    Interlocked.Add(ref counts.Renewed, answers.Count(a => a == HeartbeatAnswer.Renewed));
                    Interlocked.Add(ref counts.Lost, answers.Count(a => a == HeartbeatAnswer.Lost));
                }
            }
            catch (StoreException e)
            {
                await Console.Error.WriteLineAsync(e.Message);
                Interlocked.Increment(ref counts.Errors);
            }

            long next = running.Select(r => r.Due).Append(beat).Min();
            await Task.Delay((int)Math.Clamp(next - Environment.TickCount64, 1, 1000), CancellationToken.None);
        }
    }

    private sealed class Counts
    {
        public int Running;
        public int Completed;
        public int Lost;
        public int Renewed;
        public int Errors;
    }
}
