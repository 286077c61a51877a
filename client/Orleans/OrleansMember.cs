using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Sweep.Client.Running;
using Sweep.Grains.Coordination;
using Sweep.Grains.Coordination.Sql.Postgres;
using Sweep.Grains.Orleans;
using Sweep.Grains.Orleans.Fits;
using Sweep.Silo;
using Sweep.Silo.Orleans;

namespace Sweep.Client.Orleans;

/// <summary>
/// This process's silo. A silo that the others have declared dead (it was frozen, or cut off) may never speak again: it is then replaced by a new one,
/// and its worker, whose leases are lost, goes on in the new one.
/// </summary>
internal sealed class OrleansMember : IOrleansNode, IFatalErrorHandler
{
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(5);

    private readonly OrleansSettings _settings;
    private readonly CoordinatorOptions _limits;
    private readonly PostgresCoordinator _writing;
    private readonly TimeProvider _time;
    private readonly StoreHub _hub = new();
    private readonly CancellationTokenSource _leaving = new();
    private readonly Lock _lock = new();
    private readonly List<LiveProgress> _live = [];
    private IHost? _silo;
    private Task _rejoining = Task.CompletedTask;

    public OrleansMember(OrleansSettings settings, PostgresCoordinator writing, PostgresCoordinator reading, CoordinatorOptions limits, TimeProvider time)
    {
        (_settings, _writing, _limits, _time) = (settings, writing, limits, time);
        _hub.Add(Key, writing);
        Coordinator = new OrleansCoordinator(Grains, Key, reading, time);
        Fits = new ClusterFits(Grains, Key, $"{settings.Advertise}:{settings.Port}/{Environment.ProcessId}", FitPatience.Of(limits), time);
    }

    public ICoordinator Coordinator { get; }

    public IFitExchange? Fits { get; }

    public string Shown
    {
        get
        {
            lock (_lock)
                return $"{_settings.Advertise}:{_settings.Port}, clients at port {_settings.GatewayPort}" + (_silo is { } silo && OrleansHost.DashboardUrl(silo) is { } url ? $"; Orleans' dashboard: {url}" : "");
        }
    }

    private string Key => _settings.Store.Schema;

    public ISiloObserver Observe(ISiloObserver observer, string silo)
    {
        var live = new LiveProgress(observer, Grains, Key, silo, _time);
        live.Start();
        _live.Add(live);
        return live;
    }

    /// <exception cref="StoreException">No cluster can be joined.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        IHost silo = OrleansHost.Silo(_settings.Store, _hub, _settings.Advertise!, _settings.Port, _settings.GatewayPort, _limits.LeaseDuration, this, _settings.Dashboard);
        try
        {
            await silo.StartAsync(cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            silo.Dispose();
            throw new StoreException($"can't join the Orleans cluster of {_settings.Store.Shown}: {e.Message}", e);
        }

        lock (_lock)
            _silo = silo;
    }

    public bool IsUnexpected(Exception exception) => true;

    public void OnFatalException(object? sender = null, string? context = null, Exception? exception = null)
    {
        lock (_lock)
        {
            if (_silo is not { } dead)
                return;
            _silo = null;
            _rejoining = Task.Run(() => RejoinAsync(dead));
        }
    }

    public Task<LiveComparisons> CompareAsync(string sweepId, string metric, int most, CancellationToken cancellationToken) =>
        OrleansEngine.CompareAsync(Coordinator, sweepId, metric, most, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        await _rejoining.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (LiveProgress live in _live)
            await live.DisposeAsync();
        if (_silo is { } silo)
            await StopAsync(silo);
        await Coordinator.DisposeAsync();
        await _writing.DisposeAsync();
        _leaving.Dispose();
    }

    private IGrainFactory Grains()
    {
        lock (_lock)
        {
            return _silo?.Services.GetRequiredService<IGrainFactory>()
                ?? throw new StoreException("the Orleans cluster has declared this silo dead; it is joining again");
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
}
