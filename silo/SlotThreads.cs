using Sweep.Grains.Coordination;

namespace Sweep.Silo;

/// <summary>
/// A thread per slot, from its first attempt to its last: whatever a slot waits for is over when it goes on, so nothing of it runs elsewhere. Thread-safe.
/// </summary>
internal sealed class SlotThreads : ISlots
{
    public static SlotThreads Instance { get; } = new();

    public Task Start(Func<Task> work) => Task.Factory.StartNew(
        () => work().GetAwaiter().GetResult(), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public Task<TrialResult> RunAsync(ITrialRunner runner, AttemptProgress attempt, CancellationToken cancellationToken) =>
        Task.FromResult(runner.Run(attempt, cancellationToken));

    public Task<T> WaitAsync<T>(Task<T> something)
    {
        ((Task)something).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult();
        return something;
    }
}
