using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Sweep.Grains.Orleans;
using Sweep.Grains.Storage;
using Sweep.Silo;
using Sweep.Silo.Orleans;

namespace Sweep.Client.Cluster;

/// <summary>A cluster of one silo in this process, which opens no port and serves one store: what an embedded run works with.</summary>
internal sealed class EmbeddedNode : IAsyncDisposable
{
    /// <summary>Of the store that it serves.</summary>
    public const string Key = "embedded";

    private readonly StoreHub _hub = new();
    private readonly TaskCompletionSource<string?> _socket = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeProvider _time;
    private readonly Task<IHost> _silo;
    private readonly Func<IGrainFactory> _grains;
    private readonly List<LiveProgress> _live = [];
    private OrleansCoordinator? _coordinator;

    private EmbeddedNode(Action<string> error, TimeProvider time)
    {
        _time = time;
        _silo = Task.Run(() => StartAsync(_hub, error, _socket.Task));
        IGrainFactory? factory = null;
        _grains = () => factory ??= _silo.GetAwaiter().GetResult().Services.GetRequiredService<IGrainFactory>();
    }

    /// <summary>Who runs what. Of the store that this serves.</summary>
    public OrleansCoordinator Coordinator => _coordinator ?? throw new InvalidOperationException("serves no store yet");

    /// <summary>What the silo says of running trials and comparisons, as it happens.</summary>
    public LiveStreams Live => new(_grains, Key, _time);

    /// <summary>Begins to start, which takes the better part of a second: beside whatever the caller does meanwhile.</summary>
    /// <param name="error">Told, in a line each, of what Orleans calls critical.</param>
    public static EmbeddedNode Begin(Action<string> error, TimeProvider time) => new(error, time);

    /// <summary>Serves a store, which stays the caller's and is closed after this; returns when the silo is up.</summary>
    /// <param name="socket">Where other processes of this user follow it: a Unix socket to be made.</param>
    public async Task ServeAsync(SqlSweeps store, string socket)
    {
        _socket.TrySetResult(socket);
        _hub.Add(Key, store);
        _coordinator = new OrleansCoordinator(_grains, Key, store, _time);
        await _silo;
        _coordinator.Follow();
    }

    /// <summary>An observer that tells the grains of a worker's attempts and passes everything on, until this is disposed.</summary>
    public ISiloObserver Observe(ISiloObserver observer, string silo)
    {
        var live = new LiveProgress(observer, _grains, Key, silo, _time);
        live.Start();
        _live.Add(live);
        return live;
    }

    public async ValueTask DisposeAsync()
    {
        _socket.TrySetResult(null);
        if (_coordinator is { } coordinator)
            await coordinator.UnfollowAsync();
        foreach (LiveProgress live in _live)
            await live.DisposeAsync();
        IHost? silo = null;
        try
        {
            silo = await _silo;
        }
        catch (Exception)
        {
            // Whoever waited for it was told.
        }

        if (silo is not null)
            await silo.StopSoonAsync();
        if (await _socket.Task is { } socket && File.Exists(socket))
            Remove(socket);
    }

    private static void Remove(string socket)
    {
        try
        {
            File.Delete(socket);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Nobody answers there, and the next run replaces it.
        }
    }

    private static async Task<IHost> StartAsync(StoreHub hub, Action<string> error, Task<string?> socket)
    {
        IHost silo = OrleansHost.Embedded(hub, error, socket);
        await silo.StartAsync();
        return silo;
    }
}
