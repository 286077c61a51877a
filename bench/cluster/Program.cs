using System.Diagnostics;
using System.Globalization;
using Sweep.Bench.Cluster;
using Sweep.Grains.Coordination;
using Sweep.Grains.Coordination.Sql.Postgres;

// The PostgreSQL coordinator: submit, status, lease and complete. `dotnet run -c Release --project bench/cluster [-- --trials=N --processes=N --slots=N --profile]`
// starts a server of its own (with fsync) and removes it. With `worker …` as its arguments it is one of the silo processes.
if (args is ["worker", ..])
    return await Worker.RunAsync(args[1], args[2], int.Parse(args[3], CultureInfo.InvariantCulture), int.Parse(args[4], CultureInfo.InvariantCulture), args[5] == "separate");

int Option(string name, int usual) => args.FirstOrDefault(a => a.StartsWith($"--{name}=", StringComparison.Ordinal)) is { } given
    ? int.Parse(given[(name.Length + 3)..], CultureInfo.InvariantCulture)
    : usual;

// A model from measured costs, in place of machines that nobody has: --model=10000 [--trial-us=740 --heartbeat-us=200].
if (Option("model", 0) is > 0 and var modelled)
{
    QueueModel.Print(modelled, Option("trial-us", 740) / 1000.0, Option("heartbeat-us", 200) / 1000.0);
    return 0;
}

int trials = Option("trials", 100_000);
int processes = Option("processes", 16);
int slots = Option("slots", 1);
bool profile = args.Contains("--profile");
await using ScratchPostgres server = await ScratchPostgres.StartAsync(profile);
string text = server.Url;
Console.WriteLine($"{Environment.ProcessorCount} cores, PostgreSQL {await server.ScalarAsync("SHOW server_version")} local, fsync {await server.ScalarAsync("SHOW fsync")}");

if (profile)
    await server.ScalarAsync("CREATE EXTENSION pg_stat_statements");
await using PostgresCoordinator coordinator =
    await PostgresCoordinator.OpenAsync(PostgresUrl.Parse(text), TimeProvider.System, StoreOpening.Create);
long start = Stopwatch.GetTimestamp();
(Sweep.Grains.Specs.SweepSpec spec, List<PlannedTrial> planned) = Samples.Sweep("large", trials);
Console.WriteLine($"expanded {trials:N0} trials in {Stopwatch.GetElapsedTime(start).TotalSeconds:0.00} s (not part of what follows)");

start = Stopwatch.GetTimestamp();
await coordinator.SubmitAsync(spec, planned, CancellationToken.None);
Console.WriteLine($"submit {trials:N0} trials: {Stopwatch.GetElapsedTime(start).TotalSeconds:0.00} s (target 10 s)");

async Task StatusAsync(string when)
{
    double best = double.MaxValue;
    double first = 0;
    for (int i = 0; i < 5; i++)
    {
        long began = Stopwatch.GetTimestamp();
        SweepSummary sweep = (await coordinator.FindAsync("large", CancellationToken.None))!;
        await coordinator.TrialsAsync(sweep.Id, TrialState.Running, 0, 20, CancellationToken.None);
        await coordinator.TrialsAsync(sweep.Id, TrialState.Failed, 0, 20, CancellationToken.None);
        await coordinator.CausesAsync(sweep.Id, CancellationToken.None);
        await coordinator.SilosAsync(CancellationToken.None);
        double took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
        first = i == 0 ? took : first;
        best = Math.Min(best, took);
    }

    Console.WriteLine($"status of {trials:N0} trials, {when}: {first:0.0} ms at first, {best:0.0} ms at best (target 200 ms)");
}

await StatusAsync("all queued");
if (processes == 0)
    return 0;
Console.WriteLine($"lease + complete, 3 curves of 101 points each, {processes} processes x {slots} slots:");
List<Process> workers = [];
int warmUp = Math.Min(1500, trials / processes / 4);
for (int i = 0; i < processes; i++)
    workers.Add(Worker.Start(text, $"silo-{i}", slots, warmUp, args.Contains("--separate")));
foreach (Process worker in workers)
    await worker.StandardOutput.ReadLineAsync();
int warm = (await coordinator.FindAsync("large", CancellationToken.None))!.Completed;
Console.WriteLine($"  warmed up with {warm:N0}");
if (profile)
    await server.ScalarAsync("SELECT pg_stat_statements_reset()");
TimeSpan serverBefore = server.CpuTime();
start = Stopwatch.GetTimestamp();
foreach (Process worker in workers)
    worker.StandardInput.WriteLine("go");
int done = warm;
long window = start;
while (workers.Exists(w => !w.HasExited))
{
    await Task.WhenAny(Task.Delay(5000), Task.WhenAll(workers.Select(w => w.WaitForExitAsync())));
    if (workers.TrueForAll(w => w.HasExited))
        break;
    SweepSummary sweep = (await coordinator.FindAsync("large", CancellationToken.None))!;
    double seconds = Stopwatch.GetElapsedTime(window).TotalSeconds;
    window = Stopwatch.GetTimestamp();
    Console.WriteLine($"  {sweep.Completed,7:N0} done, {(sweep.Completed - done) / seconds:N0} trials/s");
    done = sweep.Completed;
}

double all = Stopwatch.GetElapsedTime(start).TotalSeconds;
int counted = trials - warm;
Console.WriteLine($"{counted:N0} trials in {all:0.0} s: {counted / all:N0} trials/s (target 2,000)");
List<WorkerReport> reports = [];
foreach (Process worker in workers)
{
    reports.Add(WorkerReport.Parse(await worker.StandardOutput.ReadToEndAsync()));
    worker.Dispose();
}

Console.WriteLine($"CPU per trial: server {(server.CpuTime() - serverBefore).TotalMilliseconds / counted:0.000} ms, silo processes {reports.Sum(r => r.CpuMs) / counted:0.000} ms");
Console.WriteLine($"each trial once: {reports.Sum(r => r.Completed) == counted}; stale {reports.Sum(r => r.Stale)}, collisions and errors {reports.Sum(r => r.Errors)}");
Console.WriteLine($"median ms: lease {reports.Average(r => r.LeaseMs):0.00}, complete{(args.Contains("--separate") ? "" : " and lease")} {reports.Average(r => r.CallMs):0.00}");
Console.WriteLine($"deadlocks the server saw: {await server.ScalarAsync("SELECT deadlocks FROM pg_stat_database WHERE datname = 'postgres'")}");
await StatusAsync("all completed");
if (profile)
{
    Console.WriteLine(await server.ScalarAsync(
        """
        SELECT string_agg(format('%s calls, each %s ms, %s pages, %s bytes of log: %s', calls, round((total_exec_time / calls)::numeric, 3), shared_blks_hit / calls, (wal_bytes / calls)::bigint, q), E'\n')
        FROM (SELECT *, left(regexp_replace(query, '\s+', ' ', 'g'), 100) AS q FROM pg_stat_statements WHERE calls > 100 ORDER BY total_exec_time DESC LIMIT 20) s
        """));
}

return 0;
