namespace Sweep.Diffusion.Training;

/// <summary>
/// Trains a batch of same-shaped jobs on one device. Thread-safe: calls don't share state, and a CPU trainer uses the calling thread alone. The result is a
/// pure function of the job, whatever else is in the batch: on the CPU bit for bit on every vector width.
/// </summary>
public interface ITrainer
{
    /// <summary>Trains all jobs; one outcome per job, in order. A job that diverges doesn't disturb the others.</summary>
    /// <exception cref="TrainingDesignException">A job makes no sense; nothing was trained.</exception>
    /// <exception cref="OperationCanceledException">
    /// Cancelled, within about 100 ms; the observer was asked first whether it wants checkpoints.
    /// </exception>
    IReadOnlyList<TrainingOutcome> Train(IReadOnlyList<TrainingJob> jobs, ITrainingObserver observer, CancellationToken cancellation);
}
