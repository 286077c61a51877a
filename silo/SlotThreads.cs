using Sweep.Grains.Coordination;

namespace Sweep.Silo;

/// <summary>
/// A thread per slot, from its first attempt to its last: whatever a slot waits for is over when it goes on, so nothing of it runs elsewhere. Thread-safe.
/// </summary>
internal sealed class SlotThreads : ISlots
{
    /// <summary>What the thread waits on. Without spinning, which with more slots than cores takes time from those that compute.</summary>
    [ThreadStatic]
    private static ManualResetEventSlim? _over;

    public static SlotThreads Instance { get; } = new();

    public Task Start(Func<Task> work) => Task.Factory.StartNew(
        () => work().GetAwaiter().GetResult(), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    public Task<TrialResult> RunAsync(ITrialRunner runner, AttemptProgress attempt, CancellationToken cancellationToken) =>
        Task.FromResult(runner.Run(attempt, cancellationToken));

    public Task<T> WaitAsync<T>(Task<T> something)
    {
        if (something.IsCompleted)
            return something;
        ManualResetEventSlim over = _over ??= new ManualResetEventSlim(false, spinCount: 0);
        over.Reset();
        something.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(over.Set);
        over.Wait();
        return something;
    }
}
