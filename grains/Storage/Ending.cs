namespace Sweep.Grains.Storage;

/// <summary>Does something once, when it is disposed. Thread-safe.</summary>
internal sealed class Ending(Action end) : IDisposable
{
    private Action? _end = end;

    public void Dispose() => Interlocked.Exchange(ref _end, null)?.Invoke();
}
