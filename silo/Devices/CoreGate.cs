namespace Sweep.Silo.Devices;

/// <summary>
/// Lets only so many attempts compute on the processor at a time. With a GPU there are hundreds of attempts, each with a thread that mostly waits for its
/// network; when a launch ends, all of them would sample and measure at once. Thread-safe.
/// </summary>
/// <param name="cores">How many; null lets everybody in.</param>
internal sealed class CoreGate(int? cores)
{
    private readonly SemaphoreSlim? _free = cores is { } n ? new SemaphoreSlim(n) : null;

    /// <summary>Lets everybody in.</summary>
    public static CoreGate Open { get; } = new(null);

    /// <summary>Waits for a core, until the pass is disposed of.</summary>
    /// <exception cref="OperationCanceledException">Cancelled while waiting.</exception>
    public Pass Enter(CancellationToken cancellationToken)
    {
        _free?.Wait(cancellationToken);
        return new Pass(_free);
    }

    /// <summary>A core that is one's own. Of one thread.</summary>
    internal sealed class Pass(SemaphoreSlim? free) : IDisposable
    {
        private bool _held = true;

        /// <summary>Does what needs no core, and waits for one again.</summary>
        public T Outside<T>(Func<T> work, CancellationToken cancellationToken)
        {
            Leave();
            T result = work();
            free?.Wait(cancellationToken);
            _held = true;
            return result;
        }

        public void Dispose() => Leave();

        private void Leave()
        {
            if (_held)
                free?.Release();
            _held = false;
        }
    }
}
