namespace Sweep.Grains.Storage;

/// <summary>
/// Wakes whoever waits for work. A request reads the count first, so that a signal between an empty answer and the wait is not missed.
/// Thread-safe.
/// </summary>
internal sealed class WorkSignal
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _next = New();
    private long _count;

    /// <summary>How often it was raised.</summary>
    public long Count
    {
        get
        {
            lock (_lock)
                return _count;
        }
    }

    public void Raise()
    {
        TaskCompletionSource raised;
        lock (_lock)
        {
            _count++;
            raised = _next;
            _next = New();
        }

        raised.SetResult();
    }

    /// <summary>Returns at the first signal after the count was <paramref name="since"/>, or when the time is up.</summary>
    public async Task WaitAsync(long since, TimeSpan atMost, TimeProvider time, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Task next;
        lock (_lock)
        {
            if (_count != since)
                return;
            next = _next.Task;
        }

        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(HereAsync(next), HereAsync(Task.Delay(atMost, time, over.Token)));
        Cancel(over);
        cancellationToken.ThrowIfCancellationRequested();
    }

    /// <summary>Ends where the caller goes on, not where the signal is raised or the wait is cancelled.</summary>
    private static async Task HereAsync(Task wait) =>
        await wait.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

    /// <summary>At once: there is one timer to stop.</summary>
    private static void Cancel(CancellationTokenSource over) => over.Cancel();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
