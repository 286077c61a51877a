namespace Sweep.Diffusion.Training.Cuda;

/// <summary>
/// As many streams as the device takes launches from at a time, dealt out to threads in turn. Threads that meet on one are right all the same: each waits for
/// the other's work too. Thread-safe.
/// </summary>
internal sealed class StreamRing
{
    /// <summary>Of CUDA_DEVICE_MAX_CONNECTIONS.</summary>
    public const int Count = 32;

    /// <summary>When this thread first asked, counting from 1; 0 before that.</summary>
    [ThreadStatic]
    private static int _turn;

    private static int _threads;
    private readonly nint[] _streams;

    /// <param name="create">Makes a stream in the current context.</param>
    public StreamRing(Func<nint> create) => _streams = [.. Enumerable.Range(0, Count).Select(_ => create())];

    /// <summary>The calling thread's.</summary>
    public nint Current
    {
        get
        {
            if (_turn == 0)
                _turn = Interlocked.Increment(ref _threads);
            return _streams[(uint)_turn % Count];
        }
    }

    /// <summary>All of them.</summary>
    public IReadOnlyList<nint> All => _streams;
}
