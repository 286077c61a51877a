using Sweep.Grains.Coordination;

namespace Sweep.Silo;

/// <summary>An attempt and the means to stop it.</summary>
/// <param name="slot">What runs it.</param>
/// <param name="number">Which attempt of this silo it is, from 1.</param>
internal sealed class RunningAttempt(AttemptProgress progress, SiloSlot slot, int number, CancellationToken drain) : IDisposable
{
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(drain);
    private readonly Lock _lock = new();
    private bool _disposed;
    private bool _over;

    public AttemptProgress Progress { get; } = progress;

    public SiloSlot Slot { get; } = slot;

    public int Number => number;

    public CancellationToken Token => _stop.Token;

    /// <summary>Whether it has a slot.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Whether it was told to end: by a heartbeat, because it stalls, or since the silo drains.</summary>
    public bool IsStopping => _stop.IsCancellationRequested;

    /// <summary>Why a heartbeat stopped it; null when the silo drains or nothing did.</summary>
    public HeartbeatAnswer? Answer { get; private set; }

    /// <summary>It has got a slot.</summary>
    public void Begin() => HasBegun = true;

    /// <summary>Takes the right to say how it ended: the first caller has it, its own thread or the one that gives it up.</summary>
    public bool TryEnd()
    {
        lock (_lock)
            return !_over && (_over = true);
    }

    public void Stop(HeartbeatAnswer answer)
    {
        lock (_lock)
        {
            if (_disposed)
                return;
            Answer ??= answer;
            _stop.Cancel();
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _stop.Dispose();
        }
    }
}
