namespace Sweep.Silo;

/// <summary>Lets as many attempts compute as there are slots, first come, first served. Thread-safe.</summary>
internal sealed class SlotTurns(int slots)
{
    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource> _waiting = new();
    private int _free = slots;

    /// <summary>Waits for a slot, until the turn is disposed of. Goes on where it was called.</summary>
    /// <exception cref="OperationCanceledException">Cancelled while waiting.</exception>
    public async Task<Turn> EnterAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TaskCompletionSource mine;
        lock (_lock)
        {
            if (_free > 0)
            {
                _free--;
                return new Turn(this);
            }

            _waiting.Enqueue(mine = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        using CancellationTokenRegistration registration = cancellationToken.Register(() => mine.TrySetCanceled(cancellationToken));
        await mine.Task;
        return new Turn(this);
    }

    private void Leave()
    {
        lock (_lock)
        {
            while (_waiting.TryDequeue(out TaskCompletionSource? next))
            {
                if (next.TrySetResult())
                    return;
            }

            _free++;
        }
    }

    /// <summary>A slot that is one's own.</summary>
    internal sealed class Turn(SlotTurns turns) : IDisposable
    {
        private bool _held = true;

        public void Dispose()
        {
            if (_held)
                turns.Leave();
            _held = false;
        }
    }
}
