using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Numerics;

namespace Sweep.Diffusion.Training;

/// <summary>The fused trainer on the calling thread: one job after the other, no allocation per step, the same bits on every vector path.</summary>
public sealed class CpuTrainer : ITrainer
{
    private readonly VectorPath _path;

    public CpuTrainer()
        : this(VectorPaths.Best)
    {
    }

    /// <exception cref="ArgumentOutOfRangeException">This machine has no such instructions.</exception>
    public CpuTrainer(VectorPath path)
    {
        if (!VectorPaths.Supports(path))
            throw new ArgumentOutOfRangeException(nameof(path), $"vector path: {path}; allowed on this machine: up to {VectorPaths.Best}");
        _path = path;
    }

    /// <inheritdoc/>
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
            outcomes[i] = TrainOne(jobs[i], i, observer, cancellation);
        return outcomes;
    }

    private TrainingOutcome TrainOne(TrainingJob job, int index, ITrainingObserver observer, CancellationToken cancellation)
    {
        const int StepsBetweenQuestions = 64;
        using var run = new CpuTrainingRun(job, _path, cancellation: cancellation);
        int steps = job.Settings.Steps;

        // The next of the job's snapshots; those that a checkpoint is past have been handed out.
        int snapshot = 0;
        while (snapshot < job.SnapshotSteps.Count && run.StepsDone > 0 && job.SnapshotSteps[snapshot] <= run.StepsDone)
            snapshot++;
        OfferSnapshot();
        while (run.StepsDone < steps)
        {
            double? loss = cancellation.IsCancellationRequested ? null : run.Step(cancellation);
            if (loss is null)
            {
                OfferCheckpoint(run, index, observer);
                throw new OperationCanceledException(cancellation);
            }

            if (!double.IsFinite(loss.Value))
                return new TrainingOutcome { Divergence = new DivergedException(run.StepsDone - 1, loss.Value, job.Settings.LearningRate) };
            OfferSnapshot();
            if (run.WindowEnded is { } point)
                observer.OnLoss(index, point);
            if (run.StepsDone % StepsBetweenQuestions == 0)
                OfferCheckpoint(run, index, observer);
        }

        return new TrainingOutcome { Network = Network(job, run) with { Losses = run.Losses } };

        void OfferSnapshot()
        {
            if (snapshot < job.SnapshotSteps.Count && job.SnapshotSteps[snapshot] == run.StepsDone)
                observer.OnSnapshot(index, job.SnapshotSteps[snapshot++], Network(job, run));
        }
    }

    private static TrainedNetwork Network(TrainingJob job, CpuTrainingRun run) => new()
    {
        Shape = job.Shape,
        Parametrisation = job.Design.Parametrisation,
        SigmaData = run.SigmaData,
        Weights = run.Weights(),
    };

    private static void OfferCheckpoint(CpuTrainingRun run, int index, ITrainingObserver observer)
    {
        if (observer.WantsCheckpoint(index, run.StepsDone))
            observer.OnCheckpoint(index, run.StepsDone, run.Checkpoint().ToBytes());
    }
}
