using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Sweep.Grains.Coordination;
using Sweep.Grains.Storage.Postgres;
using Sweep.Grains.Orleans;
using Sweep.Grains.Orleans.Clustering;
using Sweep.Grains.Orleans.Fits;
using Sweep.Silo;
using Sweep.Silo.Orleans;

namespace Sweep.Client.Cluster;

/// <summary>
/// This process's part in a cluster: its Orleans silo. One that the others have declared dead (it was frozen, cut off, or too slow to answer while it joined)
/// may never rejoin: it is then replaced by a new one, for as long as this isn't disposed, and its worker goes on in the new one.
/// </summary>
internal sealed class ClusterNode : IClusterPart
{
    /// <summary>The first may fail because the only other silo has just died; the second finds that out. Being declared dead meanwhile
    /// doesn't count.</summary>
    private const int JoinAttempts = 3;

    private static readonly TimeSpan FirstBackoff = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(10);

    /// <summary>Between two starts: a silo's generation is the second in which it began.</summary>
    private static readonly TimeSpan Apart = TimeSpan.FromSeconds(1);

    private readonly ClusterSettings _settings;
    private readonly KeyRing _keys;
    private readonly NewsWatch _keyWatch;
    private readonly CoordinatorOptions _limits;
    private readonly TimeProvider _time;
    private readonly Action<string> _warning;
    private readonly StoreHub _hub = new();
    private readonly CancellationTokenSource _leaving = new();
    private readonly Lock _lock = new();
    private readonly List<LiveProgress> _live = [];
    private readonly Backoff _backoff;
    private IHost? _silo;
    private long? _began;
    private Task _keeping = Task.CompletedTask;

    private ClusterNode(ClusterSettings settings, KeyRing keys, PostgresSweeps store, CoordinatorOptions limits, TimeProvider time)
    {
        (_settings, _keys, _limits, _time, _warning) = (settings, keys, limits, time, settings.Warning ?? (_ => { }));
        _keyWatch = new NewsWatch(async () => keys.Replace(await ClusterTables.KeysAsync(settings.Store, _leaving.Token)), time);
        _backoff = new Backoff(time, FirstBackoff, LongestBackoff);
        _hub.Add(Key, store);
        Coordinator = new OrleansCoordinator(Grains, Key, store, time);
        Fits = new ClusterFits(Grains, Key, settings.Name ?? $"{settings.Advertise}:{settings.Port}/{Environment.ProcessId}", FitTimeout.Of(limits), time);
    }

    /// <summary>Who runs what, as the cluster's grains decide. Of the store that this was joined with; not to be disposed.</summary>
    public OrleansCoordinator Coordinator { get; }

    public IWorkSource Work => Coordinator;

    /// <summary>Where silos get each other's fits.</summary>
    public IFitExchange Fits { get; }

    /// <summary>Why it isn't one of the cluster's now; null while it is.</summary>
    public string? Absent
    {
        get
        {
            lock (_lock)
                return _silo is null ? "the cluster has declared this silo dead; it is joining again" : null;
        }
    }

    /// <summary>Called each time that it has joined again.</summary>
    public Action? Rejoined { get; set; }

    /// <summary>The cluster's living silos as this one knows them, itself among them; 0 while it is none of them.</summary>
    public int Living
    {
        get
        {
            IHost? silo;
            lock (_lock)
                silo = _silo;
            return silo?.Services.GetRequiredService<IClusterMembershipService>().CurrentSnapshot.Members.Values.Count(m => m.Status == SiloStatus.Active) ?? 0;
        }
    }

    /// <summary>Where it is, in words.</summary>
    public string Shown
    {
        get
        {
            lock (_lock)
            {
                string? dashboard = _silo is { } silo ? OrleansHost.DashboardUrl(silo) : null;
                return $"{_settings.Advertise}:{_settings.Port}, clients at port {_settings.GatewayPort}"
                    + (dashboard is null ? "" : $"; Orleans' dashboard: {dashboard}");
            }
        }
    }

    private string Key => _settings.Store.Schema;

    /// <summary>Starts a silo; returns when it is one of the cluster's.</summary>
    /// <param name="store">Stays the caller's, and is closed after this.</param>
    /// <exception cref="StoreException">The store can't be reached, or no cluster can be joined.</exception>
    public static async Task<ClusterNode> JoinAsync(
        ClusterSettings settings, PostgresSweeps store, CoordinatorOptions limits, TimeProvider time, CancellationToken cancellationToken)
    {
        var member = new ClusterNode(
            settings with
            {
                Advertise = settings.Advertise ?? Own(settings.Store),
                Port = settings.Port > 0 ? settings.Port : OrleansHost.FreePort(),
                GatewayPort = settings.GatewayPort > 0 ? settings.GatewayPort : OrleansHost.FreePort(),
            },
            new KeyRing(await StoreRetry.AskAsync(
                () => ClusterTables.KeysAsync(settings.Store, cancellationToken), settings.Warning ?? (_ => { }), time, cancellationToken)),
            store,
            limits,
            time);
        try
        {
            Verdict verdict = await member.EnterAsync(JoinAttempts, cancellationToken);
            member.Coordinator.WhenKeysChange = member._keyWatch.Look;
            member.Coordinator.Follow();
            member._keeping = Task.Run(() => member.KeepAsync(verdict), CancellationToken.None);
            return member;
        }
        catch
        {
            await member.DisposeAsync();
            throw;
        }
    }

    /// <summary>An observer that tells the cluster of a silo's attempts and passes everything on, until this is disposed.</summary>
    public ISiloObserver Observe(ISiloObserver observer, string silo)
    {
        var live = new LiveProgress(observer, Grains, Key, silo, _time);
        live.Start();
        _live.Add(live);
        return live;
    }

    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        await _keeping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Coordinator.UnfollowAsync();
        await _keyWatch.DisposeAsync();
        foreach (LiveProgress live in _live)
            await live.DisposeAsync();
        if (_silo is { } silo)
            await silo.StopSoonAsync();
        _leaving.Dispose();
    }

    /// <summary>Starts silos, one after the other, until one is the cluster's.</summary>
    /// <param name="attempts">How many may fail.</param>
    /// <exception cref="StoreException">So many failed.</exception>
    private async Task<Verdict> EnterAsync(int attempts, CancellationToken cancellationToken)
    {
        int failed = 0;
        return await _backoff.RunAsync(TryAsync, e => e is StoreException { IsLasting: false } && failed < attempts, Warn, cancellationToken);

        async Task<Verdict> TryAsync(CancellationToken cancel)
        {
            var verdict = new Verdict();
            try
            {
                IHost silo = await StartAsync(verdict, cancel);
                lock (_lock)
                    _silo = silo;
                return verdict;
            }
            catch (Exception e) when (!cancel.IsCancellationRequested && e is not StoreException { IsLasting: true })
            {
                // Any exception: Orleans' own time-outs are cancellations, and a dead silo may throw anything.
                if (verdict.Dead.IsCompleted)
                    throw new StoreException("the cluster declared this silo dead while it joined", e);
                if (!IsSlow(e))
                    failed++;
                throw new StoreException($"can't join the cluster of {_settings.Store.Shown}: {e.Message}", e);
            }
        }

        void Warn(Exception e, TimeSpan wait) => _warning($"{e.Message}; trying again in {wait.TotalSeconds:0.#} s");
    }

    /// <summary>Whether it was the store that didn't answer in time, as Orleans passes it on.</summary>
    private static bool IsSlow(Exception e) =>
        e is StoreException { IsSlow: true } or TimeoutException
            || (e.InnerException is { } inner && (IsSlow(inner) || e is AggregateException many && many.InnerExceptions.Any(IsSlow)));

    /// <summary>One try; throws whatever goes wrong, and then nothing of it is left.</summary>
    private async Task<IHost> StartAsync(Verdict verdict, CancellationToken cancellationToken)
    {
        await RequireBuildAsync(cancellationToken);
        if (_began is { } before && Apart - _time.GetElapsedTime(before) is { Ticks: > 0 } left)
            await Task.Delay(left, _time, cancellationToken);
        _began = _time.GetTimestamp();
        IHost silo = OrleansHost.Silo(
            _settings.Store,
            _keys,
            _hub,
            new SiloPlace(_settings.Advertise!, _settings.Port, _settings.GatewayPort, _limits.LeaseDuration, verdict)
            {
                Name = _settings.Name, Dashboard = _settings.Dashboard, Warning = _warning,
            });
        using var starting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            // A silo that is told that it is dead before it has started goes on starting as if it weren't, and may wait for a cluster that no longer answers
            // it.
            Task start = silo.StartAsync(starting.Token);
            await Task.WhenAny(start, verdict.Dead).WaitAsync(cancellationToken);
            if (verdict.Dead.IsCompleted)
                throw new StoreException("declared dead");
            await start;

            // Again: two that start at once see each other only now.
            await RequireBuildAsync(cancellationToken);
            return silo;
        }
        catch
        {
            await starting.CancelAsync();
            await silo.StopSoonAsync();
            throw;
        }
    }

    private Task RequireBuildAsync(CancellationToken cancellationToken) =>
        ClusterTables.RequireBuildAsync(_settings.Store, _keys.ClusterId, OrleansHost.Build, cancellationToken);

    /// <summary>Replaces the silo whenever the cluster has declared it dead, until this is disposed.</summary>
    private async Task KeepAsync(Verdict verdict)
    {
        while (true)
        {
            using (var over = CancellationTokenSource.CreateLinkedTokenSource(_leaving.Token))
            {
                Task watching = WatchAsync(over.Token);
                await Task.WhenAny(verdict.Dead, Task.Delay(Timeout.Infinite, over.Token));
                await over.CancelAsync();
                await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            _leaving.Token.ThrowIfCancellationRequested();
            IHost dead;
            lock (_lock)
                (dead, _silo) = (_silo!, null);
            _warning("the cluster has declared this silo dead; joining again; its trials go on");
            await dead.StopSoonAsync();
            verdict = await EnterAsync(int.MaxValue, _leaving.Token);
            _warning("joined the cluster again");
            Rejoined?.Invoke();
        }
    }

    private Task WatchAsync(CancellationToken cancellationToken)
    {
        IServiceProvider silo = _silo!.Services;
        return DeadSiloReports.FollowAsync(
            silo.GetRequiredService<IClusterMembershipService>(),
            (dead, living) => silo.GetRequiredService<IGrainFactory>().GetGrain<IDispatchGrain>(Key).DeclaredDeadAsync(dead, living),
            _time,
            cancellationToken);
    }

    private IGrainFactory Grains()
    {
        lock (_lock)
        {
            return _silo?.Services.GetRequiredService<IGrainFactory>()
                ?? throw new StoreException(Absent!) { IsBrief = true };
        }
    }

    /// <summary>The loopback when the store is on this machine, so probably all of it is; else the first address of an interface that is up.</summary>
    private static IPAddress Own(PostgresUrl store)
    {
        if (store.IsLocal)
            return IPAddress.Loopback;
        return NetworkInterface.GetAllNetworkInterfaces()
            .Where(i => i.OperationalStatus == OperationalStatus.Up && i.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .SelectMany(i => i.GetIPProperties().UnicastAddresses)
            .Select(a => a.Address)
            .FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork) ?? IPAddress.Loopback;
    }

    /// <summary>What the cluster says of one silo of this process: nothing, or that it is dead, perhaps before it has started.</summary>
    private sealed class Verdict : IFatalErrorHandler
    {
        private readonly TaskCompletionSource _dead = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Dead => _dead.Task;

        public bool IsUnexpected(Exception exception) => true;

        public void OnFatalException(object? sender = null, string? context = null, Exception? exception = null) => _dead.TrySetResult();
    }
}
