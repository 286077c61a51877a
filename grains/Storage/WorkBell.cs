namespace Sweep.Grains.Storage;

/// <summary>
/// Wakes those who wait for work. Who asks for work notes the count of rings first, so that a ring between a vain request and the wait is not missed.
/// Thread-safe.
/// </summary>
internal sealed class WorkBell
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _next = New();
    private long _rings;

    /// <summary>How often it has rung.</summary>
    public long Rings
    {
        get
        {
            lock (_lock)
                return _rings;
        }
    }

    public void Ring()
    {
        TaskCompletionSource rung;
        lock (_lock)
        {
            _rings++;
            rung = _next;
            _next = New();
        }

        rung.SetResult();
    }

    /// <summary>Returns at the first ring after the count was <paramref name="since"/>, or when the time is up.</summary>
    public async Task WaitAsync(long since, TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Task next;
        lock (_lock)
        {
            if (_rings != since)
                return;
            next = _next.Task;
        }

        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(next, Task.Delay(atMost, time, over.Token)).ConfigureAwait(false);
        await over.CancelAsync().ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
