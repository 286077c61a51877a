namespace Sweep.Grains.Storage;

/// <summary>
/// When this process last could not use its store: calls failed, or took very long. Leases that run out meanwhile say nothing of their holders, who could not
/// renew them either. Thread-safe.
/// </summary>
internal sealed class StoreOutages(TimeProvider time)
{
    /// <summary>No transaction takes that long unless the server, the network or this process stalls.</summary>
    private static readonly TimeSpan VeryLong = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private bool _away;
    private long? _back;

    /// <summary>A call failed.</summary>
    public void Failed()
    {
        lock (_lock)
            _away = true;
    }

    /// <summary>A call succeeded.</summary>
    /// <param name="began">A timestamp.</param>
    public void Succeeded(long began)
    {
        lock (_lock)
        {
            if (!_away && time.GetElapsedTime(began) < VeryLong)
                return;
            _away = false;
            _back = time.GetTimestamp();
        }
    }

    /// <summary>Whether it is away, or has been back for less than that.</summary>
    public bool IsRecent(TimeSpan within)
    {
        lock (_lock)
            return _away || (_back is { } back && time.GetElapsedTime(back) < within);
    }
}
