namespace Sweep.Silo;

/// <summary>
/// On what a worker's slots run: threads of their own (<see cref="SlotThreads"/>), or a simulation's scheduler. What a slot does is written as if it waited
/// without a thread; where it has one, it waits on that.
/// </summary>
internal interface ISlots
{
    /// <summary>Begins; the task is its end.</summary>
    Task Start(Func<Task> work);

    /// <summary>Runs an attempt where the slot runs. Throws as <see cref="ITrialRunner.Run"/> does.</summary>
    Task<Grains.Coordination.TrialResult> RunAsync(ITrialRunner runner, AttemptProgress attempt, CancellationToken cancellationToken);

    /// <summary>Waits for something where the slot runs; returns it.</summary>
    Task<T> WaitAsync<T>(Task<T> something);
}
