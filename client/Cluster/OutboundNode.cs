using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Sweep.Grains.Coordination;
using Sweep.Grains.Orleans;
using Sweep.Grains.Orleans.Fits;
using Sweep.Grains.Orleans.Outbound;
using Sweep.Grains.Storage.Postgres;
using Sweep.Silo;
using Sweep.Silo.Orleans;

namespace Sweep.Client.Cluster;

/// <summary>
/// A worker's part in a cluster as a client of one silo: it needs no database and no port that others reach. Nobody probes it; its trials return when their
/// leases expire. When the silo doesn't answer for a while the connection is made anew, with the key and the address as they are then: a translator of
/// addresses on the way may have forgotten it without a word.
/// </summary>
internal sealed class OutboundNode : IClusterPart
{
    /// <summary>How many tries at the first connection may fail.</summary>
    private const int ConnectAttempts = 3;

    private static readonly TimeSpan AskEvery = TimeSpan.FromSeconds(5), SilentAfter = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromSeconds(1), LongestBackoff = TimeSpan.FromSeconds(10);

    /// <summary>The connection is given up before that (<see cref="OrleansHost"/>); the rest is for a slow machine.</summary>
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(10);

    /// <summary>What Orleans says of a connection that was made and then closed by the other side, not of one that couldn't be made.</summary>
    private const string Ended = " terminated: ";

    private readonly OutboundSettings _settings;
    private readonly KeyRing _keys;
    private readonly CoordinatorOptions _limits;
    private readonly TimeProvider _time;
    private readonly Action<string> _warning;
    private readonly GatewayStore _store;
    private readonly ClusterLeases _leases;
    private readonly CancellationTokenSource _leaving = new();
    private readonly Lock _lock = new();
    private readonly List<LiveProgress> _live = [];
    private IHost? _client;
    private Task _keeping = Task.CompletedTask;

    private OutboundNode(OutboundSettings settings, CoordinatorOptions limits, TimeProvider time)
    {
        (_settings, _keys, _limits, _time, _warning) = (settings, settings.Key.Open(), limits, time, settings.Warning ?? (_ => { }));
        string key = settings.Key.Store;
        _store = new GatewayStore(Grains, key, limits.LeaseDuration);
        _leases = new ClusterLeases(Grains, key, _store, time);
        Fits = new ClusterFits(Grains, key, settings.Name, FitTimeout.Of(limits), time);
    }

    public IWorkSource Work => _leases;

    public IFitExchange Fits { get; }

    /// <summary>The cluster's store, through the silo.</summary>
    public IWorkerReader Reader => _store;

    public string? Absent
    {
        get
        {
            lock (_lock)
                return _client is null ? $"the gateway {_settings.Gateway} doesn't answer" : null;
        }
    }

    public int Living => 0;

    public Action? Rejoined { private get; set; }

    public string Shown => $"a client of the silo at {_settings.Gateway}";

    /// <summary>Connects; returns when the silo has answered.</summary>
    /// <exception cref="StoreException">It doesn't, or refuses.</exception>
    public static async Task<OutboundNode> JoinAsync(
        OutboundSettings settings, CoordinatorOptions limits, TimeProvider time, CancellationToken cancellationToken)
    {
        var node = new OutboundNode(settings, limits, time);
        try
        {
            await node.EnterAsync(ConnectAttempts, cancellationToken);
            node._keeping = Task.Run(node.KeepAsync, CancellationToken.None);
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    public ISiloObserver Observe(ISiloObserver observer, string silo)
    {
        var live = new LiveProgress(observer, Grains, _settings.Key.Store, silo, _time);
        live.Start();
        _live.Add(live);
        return live;
    }

    public async ValueTask DisposeAsync()
    {
        await _leaving.CancelAsync();
        await _keeping.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _leases.UnfollowAsync();
        foreach (LiveProgress live in _live)
            await live.DisposeAsync();
        if (_client is { } client)
            await client.StopSoonAsync();
        _leaving.Dispose();
    }

    /// <summary>Tries, at growing intervals, until the silo answers.</summary>
    /// <param name="attempts">How many may fail.</param>
    /// <exception cref="StoreException">So many failed.</exception>
    private async Task EnterAsync(int attempts, CancellationToken cancellationToken)
    {
        TimeSpan backoff = FirstBackoff;
        for (int failed = 1; ; failed++)
        {
            try
            {
                await ConnectAsync(cancellationToken);
                return;
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                string trouble = $"can't connect to the gateway {_settings.Gateway}: {Why(e)}";
                if (failed >= attempts)
                    throw new StoreException(trouble, e);
                _warning($"{trouble}; trying again in {backoff.TotalSeconds:0.#} s");
            }

            await Task.Delay(backoff, _time, cancellationToken);
            backoff = backoff * 2 < LongestBackoff ? backoff * 2 : LongestBackoff;
        }
    }

    /// <summary>One try; throws whatever goes wrong, and then nothing of it is left.</summary>
    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        if (_settings.ReadKey() is { } now)
            _keys.Replace(now.ToKeys());
        IPAddress[] addresses = await Dns.GetHostAddressesAsync(_settings.Host, cancellationToken);
        IPAddress address = Array.Find(addresses, a => a.AddressFamily == AddressFamily.InterNetwork) ?? addresses[0];
        string? refused = null;
        IHost client = OrleansHost.Client(
            _keys, _settings.ClusterId ?? OrleansHost.Deployment(_keys), new IPEndPoint(address, _settings.Port), _limits.LeaseDuration,
            line => refused ??= line.Contains(Ended, StringComparison.Ordinal) ? line : null);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(ConnectWithin);
        try
        {
            await client.StartAsync(patience.Token).WaitAsync(patience.Token);

            // That it is connected is no answer yet.
            IStoreGrain store = client.Services.GetRequiredService<IGrainFactory>().GetGrain<IStoreGrain>(_settings.Key.Store);
            await store.HereAsync().WaitAsync(patience.Token);
            lock (_lock)
                _client = client;
        }
        catch (Exception e)
        {
            await client.StopSoonAsync();
            throw refused is null ? e : new StoreException(
                $"it ended the connection ({refused[(refused.LastIndexOf(": ", StringComparison.Ordinal) + 2)..]}); allowed: the cluster's key as it is now, "
                + $"and one build in a cluster, this being {OrleansHost.Build}: the silo's log names both", e);
        }
    }

    /// <summary>Connects anew whenever the silo has been silent for too long, until this is disposed.</summary>
    private async Task KeepAsync()
    {
        long heard = _time.GetTimestamp();
        while (true)
        {
            await Task.Delay(AskEvery, _time, _leaving.Token);
            try
            {
                using var patience = CancellationTokenSource.CreateLinkedTokenSource(_leaving.Token);
                patience.CancelAfter(AskEvery);
                await _store.HereAsync(patience.Token);
                heard = _time.GetTimestamp();
            }
            catch (Exception) when (!_leaving.IsCancellationRequested)
            {
                if (_time.GetElapsedTime(heard) >= SilentAfter)
                {
                    await AgainAsync();
                    heard = _time.GetTimestamp();
                }
            }
        }
    }

    private async Task AgainAsync()
    {
        IHost silent;
        lock (_lock)
            (silent, _client) = (_client!, null);
        _warning($"the gateway {_settings.Gateway} has not answered for {SilentAfter.TotalSeconds:0} s; connecting again, and trials go on");
        await silent.StopSoonAsync();
        await EnterAsync(int.MaxValue, _leaving.Token);
        _warning("connected again");
        Rejoined?.Invoke();
    }

    private IGrainFactory Grains()
    {
        lock (_lock)
            return _client?.Services.GetRequiredService<IGrainFactory>() ?? throw new StoreException(Absent!);
    }

    /// <summary>The innermost words: what encloses them speaks of attempts at it.</summary>
    private static string Why(Exception e)
    {
        while (e.InnerException is { } inner && e is not StoreException)
            e = inner;
        return e is OperationCanceledException ? $"no answer within {ConnectWithin.TotalSeconds:0} s" : e.Message;
    }
}
