using Sweep.Grains.Coordination;
using Sweep.Grains.Orleans.Wire;

namespace Sweep.Grains.Orleans.News;

/// <summary>Follows what a store's <see cref="INewsGrain"/> hears, in questions that wait; whoever asks keeps the grain up.</summary>
/// <param name="grain">The grain as this process sees it now; throws <see cref="StoreException"/> while it sees none.</param>
/// <param name="work">There may be work; also whenever the grain can't be asked any more, or can again: whoever waits then asks, and is told what is
/// wrong.</param>
/// <param name="keys">The cluster's keys may have been changed.</param>
internal sealed class NewsFollower(Func<INewsGrain> grain, Action work, Action keys, TimeProvider time) : IAsyncDisposable
{
    /// <summary>One question takes no longer: less than a call may, and often enough that nothing on the way forgets the connection.</summary>
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private Task _following = Task.CompletedTask;

    /// <summary>Begins; goes on where it was begun (the captured context).</summary>
    public void Start() => _following = FollowAsync();

    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
            return;
        await _stop.CancelAsync();
        await _following.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task FollowAsync()
    {
        await Task.Yield();
        WireAnnounced? before = null;
        while (true)
        {
            try
            {
                WireAnnounced now = await grain().WaitAsync(before, AtOnce).WaitAsync(_stop.Token);
                if ((now.Listener, now.Keys) != (before?.Listener, before?.Keys))
                    keys();
                if ((now.Listener, now.Work) != (before?.Listener, before?.Work))
                    work();
                before = now;
            }
            catch (Exception) when (!_stop.IsCancellationRequested)
            {
                // Any exception: a silo has just died, or this one has left. Nobody else would ask again.
                if (before is not null)
                    work();
                before = null;
                await Task.Delay(Again, time, _stop.Token);
            }
        }
    }
}
