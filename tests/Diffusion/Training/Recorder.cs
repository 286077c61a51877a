using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Training;

namespace Sweep.Tests.Diffusion.Training;

/// <summary>An observer that keeps what it is told.</summary>
internal sealed class Recorder : ITrainingObserver
{
    public List<(int Job, LossPoint Point)> Losses { get; } = [];

    public List<(int Job, int Step, byte[] Bytes)> Checkpoints { get; } = [];

    public List<(int Job, int Step, TrainedNetwork Network)> Snapshots { get; } = [];

    public bool Wants { get; init; }

    public int CancelAfterLossAt { get; init; } = int.MaxValue;

    public CancellationTokenSource? Cancellation { get; init; }

    public void OnLoss(int job, LossPoint point)
    {
        Losses.Add((job, point));
        if (point.Step >= CancelAfterLossAt)
            Cancellation!.Cancel();
    }

    public void OnSnapshot(int job, int step, TrainedNetwork network) => Snapshots.Add((job, step, network));

    public bool WantsCheckpoint(int job, int step) => Wants;

    public void OnCheckpoint(int job, int step, byte[] checkpoint) => Checkpoints.Add((job, step, checkpoint));
}
