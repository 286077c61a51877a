using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Training;

namespace Sweep.Silo;

/// <summary>Follows a training run: progress, and a checkpoint every so often and when the run is cancelled.</summary>
/// <param name="resumed">Goes on from a checkpoint: at which step, the first loss tells.</param>
internal sealed class TrainingProgress(
    AttemptProgress attempt, TrialArtifacts artifacts, int steps, bool resumed, TimeSpan checkpointEvery, TimeProvider time, CancellationToken cancellation)
    : ITrainingObserver
{
    private long _lastCheckpoint = time.GetTimestamp();
    private int? _lastStep = resumed ? null : 0;

    public void OnLoss(int job, LossPoint point)
    {
        attempt.Report(AttemptPhase.Train, (double)point.Step / steps, point.Loss);
        attempt.Trained(point.Step - (_lastStep ?? point.Step), point.Loss);
        _lastStep = point.Step;
    }

    /// <summary>On disk at once: a run that goes on from a checkpoint isn't handed the earlier ones again.</summary>
    public void OnSnapshot(int job, int step, TrainedNetwork network) => artifacts.WriteSnapshot(step, NetworkFile.Write(network));

    public bool WantsCheckpoint(int job, int step) =>
        cancellation.IsCancellationRequested || time.GetElapsedTime(_lastCheckpoint) >= checkpointEvery;

    public void OnCheckpoint(int job, int step, byte[] checkpoint)
    {
        artifacts.WriteCheckpoint(checkpoint);
        _lastCheckpoint = time.GetTimestamp();
    }
}
