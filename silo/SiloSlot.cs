namespace Sweep.Silo;

/// <summary>A slot at work: a thread of its own that runs one attempt after the other, until there is none or it is given up.</summary>
internal sealed class SiloSlot
{
    private readonly TaskCompletionSource _givenUp = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Its end, as of the thread or, where that hangs, as of when it was given up.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    /// <summary>Begins.</summary>
    /// <param name="work">Told which slot it is.</param>
    public static SiloSlot Start(Action<SiloSlot> work)
    {
        var slot = new SiloSlot();
        Task thread = Task.Factory.StartNew(() => work(slot), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        slot.Ended = Task.WhenAny(thread, slot._givenUp.Task).Unwrap();
        return slot;
    }

    /// <summary>Its thread hangs: it ends with the process, if not before.</summary>
    public void GiveUp() => _givenUp.TrySetResult();
}
