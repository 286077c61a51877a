namespace Sweep.Grains.Orleans;

/// <summary>
/// Has operators' requests carried out, one look at a time; a look that comes to nothing (a grain is on its way from a dead silo to another) is made again until one doesn't.
/// Every silo has one, so a request waits for none in particular.
/// </summary>
internal sealed class RequestWatch : IAsyncDisposable
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _asked = new(0);
    private readonly Func<Task> _look;
    private readonly TimeProvider _time;
    private readonly Task _looking;
    private int _waiting;

    /// <param name="look">Returns when nothing waits any more.</param>
    public RequestWatch(Func<Task> look, TimeProvider time)
    {
        (_look, _time) = (look, time);
        _looking = Task.Run(LookAsync);
    }

    /// <summary>Something may wait. Returns at once.</summary>
    public void Look()
    {
        if (Interlocked.Exchange(ref _waiting, 1) == 0)
            _asked.Release();
    }

    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
            return;
        await _stop.CancelAsync();
        await _looking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task LookAsync()
    {
        while (true)
        {
            await _asked.WaitAsync(_stop.Token).ConfigureAwait(false);
            Interlocked.Exchange(ref _waiting, 0);
            while (!await DoneAsync().ConfigureAwait(false))
                await Task.Delay(Again, _time, _stop.Token).ConfigureAwait(false);
        }
    }

    private async Task<bool> DoneAsync()
    {
        try
        {
            await _look().WaitAsync(_stop.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception) when (!_stop.IsCancellationRequested)
        {
            // Whatever it is: nobody else would look again.
            return false;
        }
    }
}
