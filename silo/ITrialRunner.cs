using Sweep.Grains.Coordination;
using Sweep.Silo.Preparation;

namespace Sweep.Silo;

/// <summary>
/// Runs one attempt on the calling thread and returns what the store keeps. Thread-safe. Checkpoints as it goes: a cancelled or killed attempt's successor
/// on the same artifacts folder goes on from the last checkpoint with the same result, bit for bit.
/// </summary>
public interface ITrialRunner
{
    /// <exception cref="TrialFailedException">The trial itself is at fault: it diverged, or its data cannot be preprocessed.</exception>
    /// <exception cref="OutOfMemoryException">The device's memory did not suffice.</exception>
    /// <exception cref="OperationCanceledException">Cancelled; the state is checkpointed.</exception>
    TrialResult Run(AttemptProgress attempt, CancellationToken cancellationToken);

    /// <summary>Drops what an attempt left for a successor, once its result is committed.</summary>
    void Forget(Lease lease);
}
