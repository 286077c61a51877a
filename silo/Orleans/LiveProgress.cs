using System.Collections.Concurrent;
using Sweep.Grains.Coordination;
using Sweep.Grains.Orleans;
using Sweep.Grains.Orleans.Attempts;
using Sweep.Grains.Orleans.Wire;

namespace Sweep.Silo.Orleans;

/// <summary>Tells the trials' grains, which are on this silo, how far their attempts are: twice a second, from none of the threads that train.</summary>
/// <param name="inner">Told of everything too.</param>
/// <param name="grains">The cluster, as this process sees it now; throws <see cref="StoreException"/> while it sees none.</param>
/// <param name="key">The store's key.</param>
public sealed class LiveProgress(ISiloObserver inner, Func<IGrainFactory> grains, string key, string silo, TimeProvider time) : ISiloObserver, IAsyncDisposable
{
    private static readonly TimeSpan Every = TimeSpan.FromMilliseconds(500);

    private readonly ConcurrentDictionary<AttemptProgress, LiveAttempt> _running = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly RepeatedTrouble _trouble = new(inner.Warning);
    private Task _telling = Task.CompletedTask;

    /// <summary>Begins to tell.</summary>
    public void Start() => _telling = TellAsync();

    public void Started(AttemptProgress attempt)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        var live = new LiveAttempt(attempt, attempt.Observer);
        attempt.Observer = live;
        _running[attempt] = live;
        inner.Started(attempt);
    }

    public void Ended(AttemptProgress attempt, AttemptOutcome outcome, string? message, TrialResult? result)
    {
        ArgumentNullException.ThrowIfNull(attempt);

        // An observer that was set earlier may ask for it now.
        if (_running.TryRemove(attempt, out LiveAttempt? live))
            attempt.Observer = live.Inner;
        inner.Ended(attempt, outcome, message, result);
    }

    public void Warning(string message) => inner.Warning(message);

    public void StoreUnreachable(string message, TimeSpan retryIn) => inner.StoreUnreachable(message, retryIn);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _telling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task TellAsync()
    {
        using var timer = new PeriodicTimer(Every, time);
        while (await timer.WaitForNextTickAsync(_stop.Token))
        {
            foreach ((AttemptProgress attempt, LiveAttempt live) in _running)
            {
                try
                {
                    if (live.News(silo) is { } news)
                        _ = SayAsync(grains().GetGrain<ITrialGrain>(GrainKeys.Trial(key, attempt.Lease.SweepId, attempt.Lease.Trial.Id)), live, news);
                }
                catch (Exception e) when (e is StoreException or OrleansException)
                {
                    // Out of the cluster for the moment.
                    live.Knows(new WireSeen { Attempt = (int)attempt.Lease.FencingToken });
                }
                catch (Exception e) when (!_stop.IsCancellationRequested)
                {
                    _trouble.Is($"live progress: {Unforeseen.Describe(e)}; going on");
                }
            }
        }
    }

    private static async Task SayAsync(ITrialGrain grain, LiveAttempt live, WireLive news)
    {
        try
        {
            live.Knows(await grain.ProgressAsync(news));
        }
        catch (Exception e) when (e is EngineException || ClusterFault.Is(e))
        {
            // All of it again, to whoever is its grain next.
            live.Knows(new WireSeen { Attempt = (int)news.FencingToken });
        }
    }
}
