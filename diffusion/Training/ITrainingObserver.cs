using Sweep.Diffusion.Networks;

namespace Sweep.Diffusion.Training;

/// <summary>
/// Follows a <see cref="ITrainer"/>. Called on the training thread between steps, so it must be quick; what it throws ends the training. Jobs are named by
/// their index in the batch.
/// </summary>
public interface ITrainingObserver
{
    /// <summary>A window of steps is over: about 200 times per run.</summary>
    void OnLoss(int job, LossPoint point);

    /// <summary>
    /// The network as it is after one of the <see cref="TrainingJob.SnapshotSteps"/>; its losses are left out. A checkpoint of the same step comes later.
    /// </summary>
    void OnSnapshot(int job, int step, TrainedNetwork network)
    {
    }

    /// <summary>
    /// Asked at least once per 64 steps or so (on a GPU: after each launch, several times a second) and once more when the run is cancelled: true to be given a
    /// checkpoint now. Whoever wants one every few seconds looks at a clock here.
    /// </summary>
    bool WantsCheckpoint(int job, int step) => false;

    /// <summary>The state after <paramref name="step"/> steps; put into <see cref="TrainingJob.Checkpoint"/> it continues bit-equal.</summary>
    void OnCheckpoint(int job, int step, byte[] checkpoint)
    {
    }
}
