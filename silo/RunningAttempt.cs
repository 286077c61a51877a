using Sweep.Grains.Coordination;

namespace Sweep.Silo;

/// <summary>An attempt and the means to stop it.</summary>
internal sealed class RunningAttempt(AttemptProgress progress, CancellationToken drain) : IDisposable
{
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(drain);
    private readonly Lock _lock = new();
    private bool _disposed;

    public AttemptProgress Progress { get; } = progress;

    public CancellationToken Token => _stop.Token;

    /// <summary>Why a heartbeat stopped it; null when the silo drains or nothing did.</summary>
    public HeartbeatAnswer? Answer { get; private set; }

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
