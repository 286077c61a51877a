namespace Sweep.Grains.Orleans;

/// <summary>
/// Looks when there is news, one look at a time; one that fails (a grain is on its way from a dead silo to another, the store is away) is made again until
/// one doesn't.
/// </summary>
public sealed class NewsWatch : IAsyncDisposable
{
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly Func<Task> _look;
    private readonly TimeProvider _time;
    private readonly Task _looking;
    private TaskCompletionSource _asked = New();
    private int _waiting;

    /// <summary>Begins; goes on where it was begun (the captured context).</summary>
    /// <param name="look">Sees to all the news so far, or throws.</param>
    public NewsWatch(Func<Task> look, TimeProvider time)
    {
        (_look, _time) = (look, time);
        _looking = LookAsync();
    }

    /// <summary>There is news. Returns at once.</summary>
    public void Look()
    {
        if (Interlocked.Exchange(ref _waiting, 1) == 0)
            Volatile.Read(ref _asked).TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
            return;
        Cancel(_stop);
        Volatile.Read(ref _asked).TrySetResult();
        await _looking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task LookAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            // Not a semaphore, whose cancellable wait goes on anywhere.
            await _asked.Task;
            _stop.Token.ThrowIfCancellationRequested();
            Volatile.Write(ref _asked, New());
            Interlocked.Exchange(ref _waiting, 0);
            while (!await DoneAsync())
                await Task.Delay(Again, _time, _stop.Token);
        }
    }

    /// <summary>At once, so that what waits for it goes on where this is called.</summary>
    private static void Cancel(CancellationTokenSource stop) => stop.Cancel();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task<bool> DoneAsync()
    {
        try
        {
            await _look().WaitAsync(_stop.Token);
            return true;
        }
        catch (Exception) when (!_stop.IsCancellationRequested)
        {
            // Any exception: nobody else would look again.
            return false;
        }
    }
}
