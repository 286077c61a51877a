using System.Globalization;
using Npgsql;
using Sweep.Grains.Coordination;
using Sweep.Grains.Storage.Postgres;
using Sweep.Tests.Grains.Storage;
using Xunit;

namespace Sweep.Tests.Client.Chaos;

/// <summary>One store, the silos that work on it, and what a test asks of both. It waits for conditions, never for a time.</summary>
internal sealed class ChaosCluster : IAsyncDisposable
{
    /// <summary>Long enough for a machine that is busy with other things, short enough to be waited for.</summary>
    private const int LeaseSeconds = 3;
    private const int SlotsOfASilo = 2;

    /// <summary>Only for what never comes.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private static int _count;

    private readonly Scratch _scratch = new();
    private readonly PostgresServer _server;
    private readonly string _schema = string.Create(CultureInfo.InvariantCulture, $"chaos{Interlocked.Increment(ref _count)}");
    private readonly List<SweepProcess> _silos = [];

    public ChaosCluster(PostgresServer server) => _server = server;

    private string Store => _server.Url(_schema);

    /// <summary>A silo of two slots in a working directory of its own, which is made here.</summary>
    public SweepProcess Silo(string name, params string[] more) => Add(SweepProcess.Start(Folder(name), SiloArguments(name, more)));

    /// <summary>The same with leases of its own length.</summary>
    public SweepProcess Silo(string name, TimeSpan lease) => Add(SweepProcess.Start(Folder(name), SiloArguments(name, [], (int)lease.TotalSeconds)));

    /// <summary>The longest of a silo's lost attempts, from lease to loss.</summary>
    public async Task<TimeSpan> LongestLossAsync(string silo) => TimeSpan.FromMilliseconds(await ScalarAsync(
        $"""
        SELECT coalesce(max(a.ended - a.started), 0)::bigint FROM attempts a JOIN silos i ON i.silo = a.silo
        WHERE i.id = '{silo}' AND a.outcome = {(int)AttemptOutcome.Lost}
        """));

    /// <summary>The same with leases of its own length; it ends when there is nothing left for it.</summary>
    public SweepProcess SiloUntilIdle(string name, TimeSpan lease) =>
        Add(SweepProcess.Start(Folder(name), SiloArguments(name, ["--exit-when-idle"], (int)lease.TotalSeconds)));

    /// <summary>The same whose working directory is a small disk of its own.</summary>
    public SweepProcess SiloOnSmallDisk(string name, SmallDisk disk) =>
        Add(SweepProcess.StartUnder(disk.Mounting(Folder(name)), Folder(name), SiloArguments(name, [])));

    public string Folder(string name) => Directory.CreateDirectory(Path.Combine(_scratch.Path, name)).FullName;

    public async Task LaunchAsync(string spec)
    {
        _scratch.Write("spec.yaml", spec);
        SweepOutcome outcome = await SweepProcess.RunAsync(_scratch.Path, ["launch", "spec.yaml", "--store", Store]);
        Assert.True(outcome.ExitCode == 0, outcome.Error);
    }

    public Task<int> CompletedAsync(string sweep) =>
        CountAsync($"trials t JOIN sweeps s ON s.sweep = t.sweep WHERE s.name = '{sweep}' AND t.state = {(int)TrialStatus.Completed}");

    /// <summary>Trials that a silo has a lease on, as the store sees it, expired or not.</summary>
    public Task<int> HeldAsync(string silo) =>
        CountAsync($"trials t JOIN silos i ON i.silo = t.silo WHERE i.id = '{silo}' AND t.state = {(int)TrialStatus.Running}");

    /// <summary>A silo's attempts that ended so.</summary>
    public Task<int> EndedAsync(string silo, AttemptOutcome outcome, string and = "") =>
        CountAsync($"attempts a JOIN silos i ON i.silo = a.silo WHERE i.id = '{silo}' AND a.outcome = {(int)outcome} {and}");

    /// <summary>A silo's attempts that were lost, and that another attempt has followed.</summary>
    public Task<int> SucceededAsync(string silo) => EndedAsync(
        silo, AttemptOutcome.Lost, "AND EXISTS (SELECT 1 FROM attempts b WHERE b.trial = a.trial AND b.attempt > a.attempt AND b.silo <> a.silo)");

    /// <summary>
    /// Stops a silo at a moment at which both its slots hold leases, by the store: even if a report of one is still on its way, one is caught at work.
    /// </summary>
    public async Task FreezeAtWorkAsync(SweepProcess silo, string name)
    {
        await UntilAsync($"{name} is frozen with leases", async () =>
        {
            if (await HeldAsync(name) < SlotsOfASilo)
                return false;
            silo.Freeze();
            if (await HeldAsync(name) == SlotsOfASilo)
                return true;
            silo.Thaw();
            return false;
        });
    }

    /// <summary>
    /// The same of trials that take seconds: both leases are half a second old, so they have reached the silo, and it is at work on them. Else nothing would
    /// come of them when it goes on.
    /// </summary>
    public async Task FreezeWellAtWorkAsync(SweepProcess silo, string name)
    {
        string old = $"""
            trials t JOIN silos i ON i.silo = t.silo JOIN attempts a ON a.trial = t.trial AND a.attempt = t.attempts
            WHERE i.id = '{name}' AND t.state = {(int)TrialStatus.Running} AND a.started < now_ms() - 500
            """;
        await UntilAsync($"{name} is frozen at work", async () =>
        {
            if (await CountAsync(old) < SlotsOfASilo)
                return false;
            silo.Freeze();
            if (await CountAsync(old) == SlotsOfASilo)
                return true;
            silo.Thaw();
            return false;
        });
    }

    /// <summary>The store's clock jumps ahead.</summary>
    public Task AdvanceClockAsync(TimeSpan by) => ScalarAsync(string.Create(
        CultureInfo.InvariantCulture,
        $"""
        CREATE OR REPLACE FUNCTION {_schema}.now_ms() RETURNS bigint LANGUAGE sql VOLATILE AS
            'SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint + {(long)by.TotalMilliseconds}';
        SELECT 0::bigint
        """));

    /// <summary>A silo that is this process.</summary>
    public Task<ChaosMember> JoinAsync(TimeSpan lease, string name) => ChaosMember.JoinAsync(PostgresUrl.Parse(Store), lease, name);

    /// <summary>Cuts every connection of every silo; returns how many.</summary>
    public async Task<int> CutConnectionsAsync() => (int)await ScalarAsync(
        $"SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'");

    public Task UntilJoinedAsync(SweepProcess silo) =>
        UntilAsync("a silo is in the cluster", () => Task.FromResult(silo.ErrorSoFar.Contains("in the cluster:", StringComparison.Ordinal)));

    public Task UntilDoneAsync(string sweep, int trials) =>
        UntilAsync($"all trials of {sweep} are completed", async () => await CompletedAsync(sweep) == trials);

    /// <summary>Waits, also while the server can't be reached.</summary>
    public async Task UntilAsync(string what, Func<Task<bool>> holds)
    {
        long began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                if (await holds())
                    return;
            }
            catch (NpgsqlException) when (TimeProvider.System.GetElapsedTime(began) < Limit)
            {
                // Part of the fault.
            }

            if (TimeProvider.System.GetElapsedTime(began) > Limit)
                throw new TimeoutException($"waited {Limit} for: {what}; the silos wrote: {await LogsAsync()}");
            await Task.Delay(30, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Drains a silo and returns its log.</summary>
    public static async Task<string> DrainAsync(SweepProcess silo)
    {
        silo.Terminate();
        SweepOutcome outcome = await silo.EndAsync();
        Assert.True(outcome.ExitCode == 0, outcome.Error);
        Assert.Contains("drained", outcome.Error, StringComparison.Ordinal);
        return outcome.Error;
    }

    /// <summary>
    /// Every trial completed exactly once: one completed attempt, the last one, which the only result is of; attempts without gaps, none still running;
    /// counters that agree. And every result has the bits of the undisturbed run.
    /// </summary>
    public async Task AssertWholeAsync(string sweep, int trials, UndisturbedRun undisturbed)
    {
        string ofSweep = $"trials t JOIN sweeps s ON s.sweep = t.sweep WHERE s.name = '{sweep}'";
        Assert.Equal(trials, await CountAsync(ofSweep));
        Assert.Equal(0, await CountAsync(
            $"""
            {ofSweep} AND NOT (
                t.state = {(int)TrialStatus.Completed} AND t.silo IS NULL AND t.expires IS NULL
                AND (SELECT count(*) FROM results r WHERE r.trial = t.trial AND r.attempt = t.attempts) = 1
                AND (SELECT count(*) FROM attempts a WHERE a.trial = t.trial AND a.outcome = {(int)AttemptOutcome.Completed}) = 1
                AND (SELECT outcome FROM attempts a WHERE a.trial = t.trial AND a.attempt = t.attempts) = {(int)AttemptOutcome.Completed}
                AND (SELECT count(*) FROM attempts a WHERE a.trial = t.trial AND a.attempt BETWEEN 1 AND t.attempts) = t.attempts
                AND (SELECT count(*) FROM attempts a WHERE a.trial = t.trial) = t.attempts
                AND NOT EXISTS (SELECT 1 FROM attempts a WHERE a.trial = t.trial AND (a.ended IS NULL OR a.outcome = {(int)AttemptOutcome.Running})))
            """));
        await using PostgresSweeps store = await PostgresSweeps.OpenAsync(PostgresUrl.Parse(Store), TimeProvider.System, StoreOpening.Existing);
        SweepSummary summary = (await store.FindAsync(sweep, TestContext.Current.CancellationToken))!;
        Assert.Equal((trials, 0, 0, 0, 0), (summary.Completed, summary.Queued, summary.Running, summary.Failed, summary.Cancelled));
        SortedDictionary<string, string> results = await ResultBits.OfAsync(store, sweep);
        Assert.Equal(trials, results.Count);
        Assert.All(results, result => Assert.Equal(undisturbed.Results[result.Key], result.Value));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (SweepProcess silo in _silos)
            silo.Dispose();
        await ScalarAsync($"DROP SCHEMA IF EXISTS {_schema} CASCADE; SELECT 0::bigint");
        _scratch.Dispose();
    }

    private string[] SiloArguments(string name, string[] more, int leaseSeconds = LeaseSeconds) =>
    [
        "silo", "--store", Store, "--slots", SlotsOfASilo.ToString(CultureInfo.InvariantCulture), "--id", name, "--dir", ".",
        "--lease", leaseSeconds.ToString(CultureInfo.InvariantCulture), .. more,
    ];

    private SweepProcess Add(SweepProcess silo)
    {
        _silos.Add(silo);
        return silo;
    }

    private Task<int> CountAsync(string from) => CountOfAsync($"SELECT count(*) FROM {from}");

    private async Task<int> CountOfAsync(string sql) => (int)await ScalarAsync(sql);

    /// <summary>On a connection of its own: one of a pool would be broken by the faults.</summary>
    private async Task<long> ScalarAsync(string sql)
    {
        await using NpgsqlConnection connection = new(
            $"Host=127.0.0.1;Port={_server.Port};Username=postgres;Database=postgres;Search Path={_schema};Pooling=false");
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private async Task<string> LogsAsync()
    {
        List<string> logs = [];
        foreach (SweepProcess silo in _silos)
        {
            if (!silo.HasExited)
                silo.Kill();
            logs.Add((await silo.EndAsync()).Error);
        }

        return string.Join("\n---\n", logs);
    }
}
