using System.Collections.Concurrent;

namespace Sweep.Diffusion.Training.Cuda;

/// <summary>A stream for each thread that asks; a thread's goes to another thread when it has ended. Thread-safe.</summary>
/// <param name="create">Makes a stream in the current context.</param>
/// <param name="destroy">Destroys one.</param>
internal sealed class StreamPool(Func<nint> create, Action<nint> destroy) : IDisposable
{
    private readonly ThreadLocal<Rented> _rented = new();
    private readonly ConcurrentQueue<nint> _all = [];
    private readonly ConcurrentQueue<nint> _free = [];

    /// <summary>The calling thread's.</summary>
    public nint Current => (_rented.Value ??= new Rented(this, _free.TryDequeue(out nint free) ? free : Create())).Stream;

    /// <summary>How many there are.</summary>
    public int Count => _all.Count;

    /// <summary>One that no thread has.</summary>
    public nint Create()
    {
        nint stream = create();
        _all.Enqueue(stream);
        return stream;
    }

    /// <summary>Destroys all of them; none may be asked for after that.</summary>
    public void Dispose()
    {
        while (_all.TryDequeue(out nint stream))
            destroy(stream);
        _rented.Dispose();
    }

    /// <summary>Found by the collector once its thread has ended. Should something still run on the stream, the next thread's work queues behind it.</summary>
    private sealed class Rented(StreamPool pool, nint stream)
    {
#pragma warning disable MA0055 // nothing else tells that a thread has ended
        ~Rented() => pool._free.Enqueue(Stream);
#pragma warning restore MA0055

        public nint Stream { get; } = stream;
    }
}
