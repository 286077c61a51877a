using TorchSharp;

namespace Sweep.Diffusion.Training.Torch;

/// <summary>
/// Trains every kind of network through libtorch, one job after the other on the calling thread. The same batches, initial weights and Adam as the other
/// trainers; sums in libtorch's order, so the losses agree to single precision and the bits are those of one machine, device and libtorch.
/// </summary>
/// <param name="device">Where.</param>
internal sealed class TorchTrainer(torch.Device device) : ITrainer
{
    private const int StepsBetweenQuestions = 64;

    /// <inheritdoc/>
    /// <exception cref="Cuda.DeviceMemoryException">The device's memory, or the machine's, does not suffice for a job.</exception>
    public IReadOnlyList<TrainingOutcome> Train(IReadOnlyList<TrainingJob> jobs, ITrainingObserver observer, CancellationToken cancellation)
    {
        foreach (var job in jobs)
        {
            job.Validate();
            if (job.Shape != jobs[0].Shape)
                throw new TrainingDesignException($"a batch of jobs: shapes {jobs[0].Shape} and {job.Shape}; allowed: one shape");
        }

        var outcomes = new TrainingOutcome[jobs.Count];
        for (int i = 0; i < jobs.Count; i++)
        {
            int index = i;
            outcomes[i] = TorchMemory.Told(device, () => TrainOne(jobs[index], index, observer, cancellation));
        }

        return outcomes;
    }

    private TrainingOutcome TrainOne(TrainingJob job, int index, ITrainingObserver observer, CancellationToken cancellation)
    {
        using var run = new TorchRun(job, device, cancellation);

        // The next of the job's snapshots; those that a checkpoint is past have been handed out.
        int snapshot = 0;
        while (snapshot < job.SnapshotSteps.Count && run.StepsDone > 0 && job.SnapshotSteps[snapshot] <= run.StepsDone)
            snapshot++;
        OfferSnapshot();
        while (run.StepsDone < job.Settings.Steps)
        {
            double? loss = cancellation.IsCancellationRequested ? null : run.Step(cancellation);
            if (loss is null)
            {
                OfferCheckpoint();
                throw new OperationCanceledException(cancellation);
            }

            if (!double.IsFinite(loss.Value))
                return new TrainingOutcome { Divergence = new DivergedException(run.StepsDone - 1, loss.Value, job.Settings.LearningRate) };
            OfferSnapshot();
            if (run.WindowEnded is { } point)
                observer.OnLoss(index, point);
            if (run.StepsDone % StepsBetweenQuestions == 0)
                OfferCheckpoint();
        }

        return new TrainingOutcome { Network = run.Network() with { Losses = run.Losses } };

        void OfferSnapshot()
        {
            if (snapshot < job.SnapshotSteps.Count && job.SnapshotSteps[snapshot] == run.StepsDone)
                observer.OnSnapshot(index, job.SnapshotSteps[snapshot++], run.Network());
        }

        void OfferCheckpoint()
        {
            if (observer.WantsCheckpoint(index, run.StepsDone))
                observer.OnCheckpoint(index, run.StepsDone, run.Checkpoint().ToBytes());
        }
    }
}
