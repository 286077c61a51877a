namespace Sweep.Silo;

/// <summary>A slot at work: runs one attempt after the other, until there is none or it is given up.</summary>
internal sealed class SiloSlot
{
    private readonly TaskCompletionSource _givenUp = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Its end, as of its thread or, where that hangs, as of when it was given up.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    /// <summary>Begins.</summary>
    /// <param name="slots">On what it runs.</param>
    /// <param name="work">Told which slot it is.</param>
    public static SiloSlot Start(ISlots slots, Func<SiloSlot, Task> work)
    {
        var slot = new SiloSlot();
        Task thread = slots.Start(() => work(slot));
        slot.Ended = Task.WhenAny(thread, slot.GivenUpAsync()).Unwrap();
        return slot;
    }

    /// <summary>Its thread hangs: it ends with the process, if not before.</summary>
    public void GiveUp() => _givenUp.TrySetResult();

    private async Task GivenUpAsync() => await _givenUp.Task;
}
