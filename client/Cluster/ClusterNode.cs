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
/// This process's part in a cluster: its Orleans silo. One that the others have declared dead (it was frozen, or cut off) may never speak again: it is then replaced by a new one,
/// and its worker, whose leases are lost, goes on in the new one.
/// </summary>
internal sealed class ClusterNode : IAsyncDisposable
{
    /// <summary>The first may come to nothing because the only other silo has just died; the second finds out that it has.</summary>
    private const int JoinAttempts = 3;

    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(5);

    private readonly ClusterSettings _settings;
    private readonly ClusterKey _clusterKey;
    private readonly CoordinatorOptions _limits;
    private readonly TimeProvider _time;
    private readonly StoreHub _hub = new();
    private readonly CancellationTokenSource _leaving = new();
    private readonly Lock _lock = new();
    private readonly List<LiveProgress> _live = [];
    private IHost? _silo;
    private Verdict? _verdict;
    private Task _rejoining = Task.CompletedTask;

    private ClusterNode(ClusterSettings settings, ClusterKey key, PostgresSweeps store, CoordinatorOptions limits, TimeProvider time)
    {
        (_settings, _clusterKey, _limits, _time) = (settings, key, limits, time);
        _hub.Add(Key, store);
        Coordinator = new OrleansCoordinator(Grains, Key, store, time);
        Fits = new ClusterFits(Grains, Key, $"{settings.Advertise}:{settings.Port}/{Environment.ProcessId}", FitPatience.Of(limits), time);
    }

    /// <summary>Who runs what, as the cluster's grains decide. Of the store that this was joined with; not to be disposed.</summary>
    public OrleansCoordinator Coordinator { get; }

    /// <summary>Where silos get each other's fits.</summary>
    public IFitExchange Fits { get; }

    /// <summary>Where it is, for people.</summary>
    public string Shown
    {
        get
        {
            lock (_lock)
                return $"{_settings.Advertise}:{_settings.Port}, clients at port {_settings.GatewayPort}" + (_silo is { } silo && OrleansHost.DashboardUrl(silo) is { } url ? $"; Orleans' dashboard: {url}" : "");
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
            await ClusterTables.KeyAsync(settings.Store, cancellationToken),
            store,
            limits,
            time);
        try
        {
            for (int attempt = 1; ; attempt++)
            {
                try
                {
                    await member.StartAsync(cancellationToken);
                    member.Coordinator.FollowOperators();
                    return member;
                }
                catch (StoreException) when (attempt < JoinAttempts && !cancellationToken.IsCancellationRequested)
                {
                    // Again, as a new member.
                }
            }
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

    /// <exception cref="StoreException">No cluster can be joined.</exception>
    private async Task StartAsync(CancellationToken cancellationToken)
    {
        var verdict = new Verdict(this);
        IHost silo = OrleansHost.Silo(
            _settings.Store, _clusterKey, _hub, _settings.Advertise!, _settings.Port, _settings.GatewayPort, _limits.LeaseDuration, verdict, _settings.Dashboard);
        try
        {
            await silo.StartAsync(cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Orleans' own time-outs are cancellations too.
            silo.Dispose();
            throw new StoreException($"can't join the cluster of {_settings.Store.Shown}: {e.Message}", e);
        }

        lock (_lock)
        {
            if (!verdict.IsDead)
            {
                (_silo, _verdict) = (silo, verdict);
                return;
            }
        }

        // On a machine that is slow to start it may miss the first probes.
        await StopAsync(silo);
        throw new StoreException($"can't join the cluster of {_settings.Store.Shown}: it declared this silo dead while it joined");
    }

    private void Judged(Verdict verdict)
    {
        lock (_lock)
        {
            verdict.IsDead = true;
            if (_silo is not { } dead || _verdict != verdict)
                return;
            _silo = null;
            _rejoining = Task.Run(() => RejoinAsync(dead));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        await _rejoining.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (LiveProgress live in _live)
            await live.DisposeAsync();
        if (_silo is { } silo)
            await StopAsync(silo);
        _leaving.Dispose();
    }

    private IGrainFactory Grains()
    {
        lock (_lock)
        {
            return _silo?.Services.GetRequiredService<IGrainFactory>()
                ?? throw new StoreException("the cluster has declared this silo dead; it is joining again");
        }
    }

    private async Task RejoinAsync(IHost dead)
    {
        await StopAsync(dead);
        TimeSpan backoff = TimeSpan.FromMilliseconds(250);
        while (!_leaving.IsCancellationRequested)
        {
            try
            {
                await StartAsync(_leaving.Token);
                return;
            }
            catch (StoreException)
            {
                await Task.Delay(backoff, _time, _leaving.Token);
                backoff = backoff * 2 < LongestBackoff ? backoff * 2 : LongestBackoff;
            }
        }
    }

    /// <summary>In good order if that is quick. What was unfinished is in the store.</summary>
    private static async Task StopAsync(IHost silo)
    {
        using var patience = new CancellationTokenSource(StopWithin);
        try
        {
            await silo.StopAsync(patience.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or OrleansException or AggregateException or TimeoutException or InvalidOperationException)
        {
            // The others find out.
        }

        silo.Dispose();
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
    private sealed class Verdict(ClusterNode node) : IFatalErrorHandler
    {
        public bool IsDead { get; set; }

        public bool IsUnexpected(Exception exception) => true;

        public void OnFatalException(object? sender = null, string? context = null, Exception? exception = null) => node.Judged(this);
    }
}
