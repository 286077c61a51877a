using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Sweep.Grains.Coordination;
using Sweep.Grains.Storage.Postgres;
using Sweep.Infra;
using Sweep.Silo;

namespace Sweep.Bench.Cluster;

/// <summary>
/// Many Orleans silos against PostgreSQL as it comes: several per process, which share a process's connections, started one after the other over a minute,
/// each with a slot of trials that sleep. What joining costs, what they hold, and whether a lease is lost.
/// </summary>
internal static class ManyMembers
{
    private const int JoinAttempts = 5;

    public static async Task RunAsync(BenchOptions options, Ledger ledger)
    {
        string load = Ledger.Load;
        await using ScratchPostgres server = await ScratchPostgres.StartAsync(_ => { }, _ => []);
        int members = options.Number("members", 100);
        int each = options.Number("per-process", 10);
        int seconds = options.Number("seconds", 60);
        int over = options.Number("start-over", 60);
        int trialSeconds = options.Number("trial-seconds", 3);
        int allowed = int.Parse((string)(await server.ScalarAsync("SHOW max_connections"))!, CultureInfo.InvariantCulture);
        string url = $"{server.Url}?schema=members";
        await using PostgresSweeps operating = await PostgresSweeps.OpenAsync(PostgresUrl.Parse(url), TimeProvider.System, StoreOpening.Create);
        (Sweep.Grains.Specs.SweepSpec spec, List<PlannedTrial> planned) =
            Samples.Sweep("members", members * (((seconds + over) * 3 / trialSeconds) + 10));
        await operating.SubmitAsync(spec, planned, CancellationToken.None);
        int processes = (members + each - 1) / each;
        List<Process> workers = [.. Enumerable.Range(0, processes).Select(i => Worker.Start(
            "members", url, Text(i * each), Text(Math.Min(each, members - (i * each))), Text(members), Text(over * 1000), Text(trialSeconds * 1000)))];
        long began = Stopwatch.GetTimestamp();
        long most = 0;
        using var stop = new CancellationTokenSource();
        Task watching = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                most = Math.Max(most, (long)(await server.ScalarAsync(
                    "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"))!);
                await Task.Delay(500);
            }
        });
        int refused = 0;
        List<double> joins = [];
        foreach (Process worker in workers)
        {
            string[] said = (await worker.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("a worker ended")).Split(' ');
            refused += int.Parse(said[0], CultureInfo.InvariantCulture);
            joins.AddRange(said[1..].Select(j => double.Parse(j, CultureInfo.InvariantCulture)));
        }

        joins.Sort();
        Console.WriteLine(
            $"{members} silos in {processes} processes joined within {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s, started over {over} s; {refused} "
            + $"joins failed and were repeated; a join took {joins[joins.Count / 2]:0.0} s (median), {joins[^1]:0.0} s at most");
        TimeSpan cpu = server.CpuTime();
        long doneBefore = await CompletedAsync(server);
        await Task.Delay(TimeSpan.FromSeconds(seconds));
        double cores = (server.CpuTime() - cpu).TotalSeconds / seconds;
        long done = await CompletedAsync(server) - doneBefore;
        workers.ForEach(w => w.Refresh());
        long resident = workers.Sum(w => w.WorkingSet64);
        long dead = (long)(await server.ScalarAsync("SELECT count(*) FROM members.orleans_members WHERE status = 6"))!;
        long active = (long)(await server.ScalarAsync("SELECT count(*) FROM members.orleans_members WHERE status = 3"))!;
        foreach (Process worker in workers)
            await worker.StandardInput.WriteLineAsync("stop");
        foreach (Process worker in workers)
        {
            Console.Write(await worker.StandardOutput.ReadToEndAsync());
            await worker.WaitForExitAsync();
            worker.Dispose();
        }

        await stop.CancelAsync();
        await watching;
        long lost = (long)(await server.ScalarAsync(
            string.Create(CultureInfo.InvariantCulture, $"SELECT count(*) FROM members.attempts WHERE outcome = {(int)AttemptOutcome.Lost}")))!;
        Console.WriteLine(
            $"  {seconds} s of trials of {trialSeconds} s: {done:N0} completed, {lost} leases lost; {active} silos active, {dead} declared dead; "
            + $"{most} connections at most of {allowed}; {resident >> 20:N0} MiB in all, {(resident >> 20) / members} MiB a silo; database {cores:0.00} cores");
        ledger.Row(
            $"{members} silos, {each} per process, for {seconds} s",
            $"{lost} leases lost, {dead} declared dead, {most} of {allowed} connections, {resident >> 20:N0} MiB, {refused} joins repeated", "no lease lost",
            lost + dead > 0 ? false : members >= 100 && seconds >= 60 ? true : null);
        ledger.Keep(
            "members",
            new JsonObject
            {
                ["silos"] = members, ["processes"] = processes, ["seconds"] = seconds, ["trial_seconds"] = trialSeconds, ["trials"] = done, ["lost"] = lost,
                ["dead"] = dead, ["connections"] = most, ["max_connections"] = allowed, ["resident_mib"] = resident >> 20, ["joins_repeated"] = refused,
                ["join_median_seconds"] = joins[joins.Count / 2], ["join_max_seconds"] = joins[^1], ["database_cores"] = cores,
            },
            load);
    }

    /// <summary>One process: its silos come up when it is their turn; prints how many joins failed and how long each took; works until told to stop.</summary>
    public static async Task<int> WorkAsync(string address, int first, int count, int all, int overMs, int trialMs)
    {
        PostgresUrl url = PostgresUrl.Parse(address);
        await using PostgresSweeps store = await PostgresSweeps.OpenAsync(url, TimeProvider.System, StoreOpening.Existing, BenchSilo.Limits);
        var warnings = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        var dead = new Dead();
        void Warn(string line) => warnings.AddOrUpdate(line.Length < 60 ? line : line[..60], 1, (_, n) => n + 1);
        using var stop = new CancellationTokenSource();
        int refused = 0;
        (BenchSilo Silo, double Seconds, Task Work)[] silos = await Task.WhenAll(Enumerable.Range(first, count).Select(async number =>
        {
            await Task.Delay((int)((long)overMs * number / all));
            string name = string.Create(CultureInfo.InvariantCulture, $"member-{number}");
            long began = Stopwatch.GetTimestamp();
            for (int tries = 1; ; tries++)
            {
                try
                {
                    BenchSilo silo = await BenchSilo.OpenAsync(url, name, store, dead, Warn);
                    double took = Stopwatch.GetElapsedTime(began).TotalSeconds;
                    var options = new SiloOptions { Id = name, Slots = 1, ArtifactsDirectory = Path.GetTempPath(), PollEvery = TimeSpan.FromSeconds(10) };
                    return (silo, took, new SiloWorker(silo.Coordinator, new SleepingRunner(trialMs), options, silo.Observer, TimeProvider.System)
                        .RunAsync(stop.Token));
                }
                catch (Exception e) when (tries < JoinAttempts)
                {
                    Warn($"join: {e.GetType().Name}: {e.Message}");
                    Interlocked.Increment(ref refused);
                    await Task.Delay(1000);
                }
            }
        }));
        Console.WriteLine(string.Join(' ', [Text(refused), .. silos.Select(s => s.Seconds.ToString("0.00", CultureInfo.InvariantCulture))]));
        Console.ReadLine();
        await stop.CancelAsync();
        await Task.WhenAll(silos.Select(s => s.Work));
        await Task.WhenAll(silos.Select(s => s.Silo.DisposeAsync().AsTask()));
        foreach ((string line, int times) in warnings.OrderByDescending(w => w.Value).Take(5))
            Console.WriteLine($"    {times} x {line}");
        if (dead.Count > 0)
            Console.WriteLine($"    {dead.Count} silos of this process were declared dead");
        return 0;
    }

    private static async Task<long> CompletedAsync(ScratchPostgres server) =>
        (long)(await server.ScalarAsync("SELECT count(*) FROM members.attempts WHERE outcome = 1"))!;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed class Dead : IFatalErrorHandler
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public bool IsUnexpected(Exception exception) => true;

        public void OnFatalException(object? sender = null, string? context = null, Exception? exception = null) => Interlocked.Increment(ref _count);
    }
}
