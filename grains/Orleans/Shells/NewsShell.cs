using Sweep.Grains.Orleans.Wire;
using Sweep.Grains.Storage;
using Sweep.Grains.Storage.Postgres;

namespace Sweep.Grains.Orleans.Shells;

/// <summary>What the grain that listens does. Thread-safe.</summary>
/// <param name="catchUp">Has the grains carry out what operators asked for.</param>
/// <param name="changed">Tells a sweep's grain that the sweep was changed beside it; returns at once.</param>
/// <param name="self">Who listens: another each time.</param>
internal sealed class NewsShell(SqlStore store, Func<Task> catchUp, Action<string> changed, Guid self, TimeProvider time) : IAsyncDisposable
{
    private readonly NewsWatch _requests = new(catchUp, time);
    private IDisposable? _listening;
    private long _keys;

    private WireAnnounced Now => new() { Listener = self, Work = store.WorkSignal.Count, Keys = Interlocked.Read(ref _keys) };

    public void Start() => _listening = store.WhenTold(Told);

    /// <summary>See <see cref="News.INewsGrain.WaitAsync"/>.</summary>
    /// <param name="over">Returns at once.</param>
    public async Task<WireAnnounced> WaitAsync(WireAnnounced? since, TimeSpan atMost, CancellationToken over)
    {
        if (since is not null && since == Now)
            await store.WorkSignal.WaitAsync(since.Work, atMost, time, over)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        return Now;
    }

    public ValueTask DisposeAsync()
    {
        _listening?.Dispose();
        return _requests.DisposeAsync();
    }

    /// <summary>The signal is raised after it.</summary>
    private void Told(string news)
    {
        // Both are announced when a connection is there at last: what was announced before it is lost.
        if (news is RequestRows.News or ClusterKey.News)
            Interlocked.Increment(ref _keys);
        if (news == RequestRows.News)
            _requests.Look();
        else if (news != ClusterKey.News)
            changed(news);
    }
}
