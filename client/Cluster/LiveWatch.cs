using System.Collections.Concurrent;
using Sweep.Grains.Orleans;

namespace Sweep.Client.Cluster;

/// <summary>What a cluster's silos say of a sweep while somebody watches it: running trials as they go on, and the comparisons. Thread-safe.</summary>
internal sealed class LiveWatch : IAsyncDisposable
{
    private static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<string, LiveTrial> _trials = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Following> _following = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _changed = new(0, 1);
    private readonly LiveSource _source;
    private readonly string _sweepId;
    private readonly TimeProvider _time;
    private readonly Task _comparing = Task.CompletedTask;

    /// <summary>Without comparisons.</summary>
    /// <param name="source">Closed by whoever made it.</param>
    public LiveWatch(LiveSource source, string sweepId, TimeProvider time) => (_source, _sweepId, _time) = (source, sweepId, time);

    /// <param name="source">Closed by whoever made it.</param>
    /// <param name="metric">Of the comparisons.</param>
    /// <param name="most">Comparisons.</param>
    public LiveWatch(LiveSource source, string sweepId, string metric, int most, TimeProvider time)
        : this(source, sweepId, time) => _comparing = CompareAsync(metric, most);

    /// <summary>As they stand; null while they aren't known.</summary>
    public LiveComparisons? Comparisons { get; private set; }

    /// <summary>A trial that is followed; null while nothing is known of it.</summary>
    public LiveTrial? Of(string trialId) => _trials.GetValueOrDefault(trialId);

    /// <summary>Follows these from now on; others are forgotten.</summary>
    public void Follow(IReadOnlyCollection<string> trialIds)
    {
        foreach ((string gone, Following following) in _following.Where(f => !trialIds.Contains(f.Key, StringComparer.Ordinal)).ToArray())
        {
            if (_following.TryRemove(gone, out _))
                following.Stop.Cancel();
            _trials.TryRemove(gone, out _);
        }

        foreach (string trial in trialIds)
        {
            _following.GetOrAdd(trial, _ =>
            {
                var stop = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
                return new Following(stop, FollowAsync(trial, stop.Token));
            });
        }
    }

    /// <summary>Returns when something has changed, or the time is up.</summary>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(_changed.WaitAsync(over.Token), Task.Delay(atMost, _time, over.Token));
        await over.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();

        // A stream that ends asks its grain, which may be on a silo that has just died.
        Task ended = Task.WhenAll([_comparing, .. _following.Values.Select(f => f.Task)]);
        await Task.WhenAny(ended, Task.Delay(EndWithin, CancellationToken.None));
        ended.Ignore();
    }

    private async Task CompareAsync(string metric, int most)
    {
        try
        {
            await foreach (LiveComparisons comparisons in _source.ComparisonsAsync(_sweepId, metric, most, _stop.Token))
            {
                Comparisons = comparisons;
                Changed();
            }
        }
        catch (EngineException)
        {
            // There are none: the sweep can't be compared, or is gone.
        }
    }

    private async Task FollowAsync(string trial, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (LiveTrial live in _source.TrialAsync(_sweepId, trial, cancellationToken))
            {
                _trials[trial] = live;
                Changed();
            }
        }
        catch (EngineException)
        {
            // It is gone.
        }
    }

    private void Changed()
    {
        try
        {
            _changed.Release();
        }
        catch (SemaphoreFullException)
        {
            // Whoever waits will see this too.
        }
    }

    private sealed record Following(CancellationTokenSource Stop, Task Task);
}
