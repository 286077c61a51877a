using System.Runtime.CompilerServices;
using Sweep.Grains.Coordination;
using Sweep.Grains.Orleans;
using Sweep.Grains.Orleans.Wire;
using Sweep.Grains.Storage.Postgres;

namespace Sweep.Client.Cluster;

/// <summary>
/// What only a cluster's silos know, as it happens, over one client of theirs that is made when somebody asks. While no silo answers, or where this user may
/// not ask them, nothing comes, and what the store says has to do. Thread-safe.
/// </summary>
internal sealed class LiveSource(Func<CancellationToken, Task<ClusterClient>> connect, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _connecting = new(1, 1);
    private ClusterClient? _client;
    private LiveStreams? _live;

    /// <param name="store">Whose cluster.</param>
    public LiveSource(PostgresUrl store, TimeProvider time)
        : this(cancellation => ClusterClient.ConnectAsync(store, cancellation), time)
    {
    }

    /// <param name="socket">Of the process that works in a run's folder, if one does.</param>
    public LiveSource(string socket, TimeProvider time)
        : this(cancellation => ClusterClient.ConnectAsync(socket, cancellation), time)
    {
    }

    /// <param name="live">Of a cluster that is connected already.</param>
    public LiveSource(LiveStreams live, TimeProvider time)
        : this(_ => throw new InvalidOperationException("connected already"), time) => _live = live;

    /// <summary>A trial's attempts as they run, without end.</summary>
    public async IAsyncEnumerable<LiveTrial> TrialAsync(string sweepId, string trialId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            LiveStreams live = await ConnectedAsync(cancellationToken);
            var trial = new LiveTrial();
            await foreach (WireNews news in live.TrialAsync(sweepId, trialId, cancellationToken))
            {
                if (news.IsLast)
                    break;
                yield return trial = (news.Attempt == trial.Attempt ? trial : new LiveTrial()).With(news);
            }

            // It may run again.
            await Task.Delay(AskAgain, time, cancellationToken);
        }
    }

    /// <summary>A sweep's comparisons as they firm up, without end.</summary>
    public async IAsyncEnumerable<LiveComparisons> ComparisonsAsync(string sweepId, string metric, int most,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        LiveStreams live = await ConnectedAsync(cancellationToken);
        await foreach (WireComparisons now in live.ComparisonsAsync(sweepId, new WireCompare { Metric = metric, Averaged = true, MaxComparisons = most },
            cancellationToken))
            yield return new LiveComparisons(now.Completed, now.Test, [.. now.Comparisons.Select(c => c.ToSection())]);
    }

    public async ValueTask DisposeAsync()
    {
        if (_client is { } client)
            await client.DisposeAsync();
    }

    /// <summary>Returns when a silo has answered, for as long as that takes.</summary>
    private async Task<LiveStreams> ConnectedAsync(CancellationToken cancellationToken)
    {
        await _connecting.WaitAsync(cancellationToken);
        try
        {
            while (true)
            {
                try
                {
                    if (_live is { } live)
                        return live;
                    _client = await connect(cancellationToken);
                    return _live = _client.Live(time);
                }
                catch (StoreException)
                {
                    await Task.Delay(TryAgain, time, cancellationToken);
                }
            }
        }
        finally
        {
            _connecting.Release();
        }
    }
}
