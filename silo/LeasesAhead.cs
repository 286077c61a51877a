namespace Sweep.Silo;

/// <summary>
/// How many trials a silo leases beyond its slots. While a result waits for the disk its slot goes on with the next trial, if that is leased already: this pays
/// where trials are short. Long ones are left to other silos until a slot is free. Thread-safe.
/// </summary>
internal sealed class LeasesAhead(int slots)
{
    private const int Recent = 8;

    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(500);

    private readonly Lock _lock = new();
    private readonly Queue<TimeSpan> _took = new();
    private TaskCompletionSource _rises = New();

    /// <summary>One for each slot where the latest attempts were all short; else none.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
                return _rises.Task.IsCompleted ? slots : 0;
        }
    }

    /// <summary>Ends when there are some; null while there are.</summary>
    public Task? Rises
    {
        get
        {
            lock (_lock)
                return _rises.Task.IsCompleted ? null : _rises.Task;
        }
    }

    /// <summary>An attempt has completed.</summary>
    public void Completed(TimeSpan took)
    {
        lock (_lock)
        {
            _took.Enqueue(took);
            if (_took.Count > Recent)
                _took.Dequeue();
            if (_took.Count == Recent && _took.Max() < Short)
                _rises.TrySetResult();
            else if (_rises.Task.IsCompleted)
                _rises = New();
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
