using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Training;
using Sweep.Silo.Diagnostics;

namespace Sweep.Silo;

/// <summary>Follows a training run: progress, and a checkpoint every so often and when the run is cancelled.</summary>
/// <param name="snapshots">Steps whose network is kept.</param>
/// <param name="losses">Measured on the way; null where nothing is.</param>
/// <param name="resumed">Goes on from a checkpoint: at which step, the first loss tells.</param>
internal sealed class TrainingProgress(
    AttemptProgress attempt, TrialArtifacts artifacts, int steps, IReadOnlyList<int> snapshots, LossHistory? losses, bool resumed, TimeSpan checkpointEvery,
    TimeProvider time, CancellationToken cancellation)
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
    public void OnSnapshot(int job, int step, TrainedNetwork network)
    {
        if (snapshots.Contains(step))
            artifacts.WriteSnapshot(step, NetworkFile.Write(network));
        if (losses?.Wants(step) is true)
            losses.Record(step, network);
    }

    public bool WantsCheckpoint(int job, int step) =>
        cancellation.IsCancellationRequested || time.GetElapsedTime(_lastCheckpoint) >= checkpointEvery;

    public void OnCheckpoint(int job, int step, byte[] checkpoint)
    {
        // What was measured before it first: with more than that a run can go on, with less it can't.
        if (losses is not null)
            artifacts.WriteLosses(losses.Save());
        artifacts.WriteCheckpoint(checkpoint);
        _lastCheckpoint = time.GetTimestamp();
    }
}
