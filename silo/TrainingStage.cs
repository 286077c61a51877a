using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Networks.Reference;
using Sweep.Diffusion.Schedules;
using Sweep.Diffusion.Training;
using Sweep.Grains.Specs;
using Sweep.Silo.Devices;
using Sweep.Silo.Diagnostics;
using Sweep.Silo.Preparation;

namespace Sweep.Silo;

/// <summary>
/// Trains a trial's network, unless a trial that differs in sampling alone has: from a checkpoint where an earlier attempt left one, and with the snapshots
/// that its diagnostics ask for. Thread-safe.
/// </summary>
internal sealed class TrainingStage(SiloOptions options, TimeProvider time)
{
    private const long MaxNetworkBytes = 256 << 20;
    private const long MaxLossBytes = 16 << 20;

    private readonly CpuTrainer _cpu = new();
    private readonly SharedWork<SharedNetwork> _networks = new(MaxNetworkBytes, n => n.Bytes);
    private readonly SharedWork<float[]> _leastLosses = new(MaxLossBytes, l => sizeof(float) * (long)l.Length);

    /// <param name="device">What trains.</param>
    /// <param name="trial">The trial.</param>
    /// <param name="data">Its points.</param>
    /// <param name="schedule">Its schedule.</param>
    /// <param name="artifacts">Where its checkpoints are.</param>
    /// <param name="attempt">Told how far it is.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="TrialFailedException">It diverged, or its design makes no sense.</exception>
    public SharedNetwork Train(
        SiloDevice device, TrialSpec trial, PreparedData data, ISchedule schedule, TrialArtifacts artifacts, AttemptProgress attempt,
        CancellationToken cancellationToken)
    {
        attempt.Report(AttemptPhase.Train, 0);
        return _networks.Get(
            TrialIdentity.Training(trial),
            () =>
            {
                long started = time.GetTimestamp();
                (ITrainer? trainer, string name) = TorchFallback.TrainerFor(device, TrialCost.Shape(trial));
                LossHistory? losses = trial.Diagnostics?.ValidationLoss is true
                    ? new LossHistory(Validation(trial, data, schedule), ValidationSteps.Of(trial.Training.Steps), TorchFallback.DeviceFor(device))
                    : null;
                (TrainedNetwork network, IReadOnlyList<TrainedNetwork> snapshots) =
                    TrainHere(trainer ?? _cpu, trial, data, schedule, losses, artifacts, attempt, cancellationToken);
                return new SharedNetwork(network, snapshots, time.GetElapsedTime(started), name) { Losses = losses };
            },
            attempt,
            cancellationToken);
    }

    /// <summary>
    /// What a network's validation losses are held against: those of the exact denoiser, or where there is none the least of a longer and wider run, which
    /// trials share. The row-wise losses of the model whose mean is L*.
    /// </summary>
    /// <exception cref="TrialFailedException">That run diverged.</exception>
    public MeasuredLosses Measured(
        SiloDevice device, TrialSpec trial, PreparedData data, ISchedule schedule, LossHistory losses, AttemptProgress attempt,
        CancellationToken cancellationToken)
    {
        ValidationLoss validation = Validation(trial, data, schedule);
        IReadOnlyList<float[]> rows = losses.Rows!;
        if (LatentMixture.Of(data.Drawn.Dataset.Density, data.Fitted) is { } density)
            return new MeasuredLosses(losses.Steps, rows, validation.Of(new CancellableDenoiser(new ExactDenoiser(density), cancellationToken)), null);
        TrialSpec reference = LossReference.Of(trial);
        float[] least = _leastLosses.Get(
            TrialIdentity.Training(reference), () =>
                Least(device, reference, data, schedule, validation, attempt, cancellationToken), attempt, cancellationToken);
        return new MeasuredLosses(losses.Steps, rows, least, LossReference.Words(reference));
    }

    private float[] Least(
        SiloDevice device, TrialSpec reference, PreparedData data, ISchedule schedule, ValidationLoss validation, AttemptProgress attempt,
        CancellationToken cancellationToken)
    {
        (ITrainer? trainer, _) = TorchFallback.TrainerFor(device, TrialCost.Shape(reference));
        var run = new LossHistory(validation, ValidationSteps.Of(reference.Training.Steps), TorchFallback.DeviceFor(device));
        TrainingJob job = Job(reference, data, schedule) with { SnapshotSteps = run.Steps };
        try
        {
            (trainer ?? _cpu).Train([job], new ReferenceProgress(run, job.Settings.Steps, attempt), cancellationToken)[0].Require();
        }
        catch (DivergedException e)
        {
            throw new TrialFailedException($"validation_loss: {LossReference.Words(reference)}, which L* is taken from: {e.Message}", e);
        }

        return run.Rows!.MinBy(rows => rows.Average(l => (double)l))!;
    }

    private static ValidationLoss Validation(TrialSpec trial, PreparedData data, ISchedule schedule)
    {
        TrainingJob job = Job(trial, data, schedule);
        return new ValidationLoss(job.Design, job.SigmaData, HeldOutPoints.Of(data).Latent, job.Seed);
    }

    private static TrainingJob Job(TrialSpec trial, PreparedData data, ISchedule schedule) => new()
    {
        Shape = TrialCost.Shape(trial),
        Settings = new TrainingSettings(trial.Training.Steps, trial.Training.Batch, trial.Training.LearningRate, trial.Training.WarmupSteps),
        Design = TrainingDesigns.Of(trial.Training, schedule),
        Data = data.Latents,
        Seed = (ulong)trial.Seed,
    };

    private (TrainedNetwork Network, IReadOnlyList<TrainedNetwork> Snapshots) TrainHere(
        ITrainer trainer, TrialSpec trial, PreparedData data, ISchedule schedule, LossHistory? losses, TrialArtifacts artifacts, AttemptProgress attempt,
        CancellationToken cancellationToken)
    {
        IReadOnlyList<int> steps = trial.Diagnostics?.TrainingSteps ?? [];
        TrainingJob job = Job(trial, data, schedule) with
        {
            Checkpoint = artifacts.ReadCheckpoint(),
            SnapshotSteps = [.. steps.Concat(losses?.Steps ?? []).Distinct().Order()],
        };
        if (job.Checkpoint is not null)
            losses?.Load(artifacts.ReadLosses());
        TrainedNetwork network = TrainOrBeginAgain(trainer, job, steps, losses, artifacts, attempt, cancellationToken);
        if (Snapshots(artifacts, steps, job.Shape) is { } all && losses is null or { Rows: not null })
            return (network, all);

        // The checkpoint was there, but not all that had been handed out before it.
        artifacts.DropCheckpoint();
        losses?.Clear();
        network = TrainOrBeginAgain(trainer, job with { Checkpoint = null }, steps, losses, artifacts, attempt, cancellationToken);
        return (network,
            Snapshots(artifacts, steps, job.Shape) ?? throw new IOException($"snapshots after steps {string.Join(", ", steps)} can't be read back"));
    }

    /// <summary>Null when one is missing, damaged or another network's.</summary>
    private static List<TrainedNetwork>? Snapshots(TrialArtifacts artifacts, IReadOnlyList<int> steps, NetworkShape shape)
    {
        List<TrainedNetwork> snapshots = [];
        foreach (int step in steps)
        {
            try
            {
                if (artifacts.ReadSnapshot(step) is not { } bytes || NetworkFile.Read(bytes) is not { } network || network.Shape != shape)
                    return null;
                snapshots.Add(network);
            }
            catch (InvalidDataException)
            {
                return null;
            }
        }

        return snapshots;
    }

    private TrainedNetwork TrainOrBeginAgain(
        ITrainer trainer, TrainingJob job, IReadOnlyList<int> snapshots, LossHistory? losses, TrialArtifacts artifacts, AttemptProgress attempt,
        CancellationToken cancellationToken)
    {
        try
        {
            return Train(trainer, job, snapshots, losses, artifacts, attempt, cancellationToken);
        }
        catch (TrainingDesignException e) when (job.Checkpoint is null)
        {
            throw new TrialFailedException(e.Message, e);
        }
        catch (TrainingDesignException)
        {
            // A checkpoint of another version, or damaged: begin again rather than fail.
            artifacts.DropCheckpoint();
            losses?.Clear();
            return Train(trainer, job with { Checkpoint = null }, snapshots, losses, artifacts, attempt, cancellationToken);
        }
    }

    private TrainedNetwork Train(
        ITrainer trainer, TrainingJob job, IReadOnlyList<int> snapshots, LossHistory? losses, TrialArtifacts artifacts, AttemptProgress attempt,
        CancellationToken cancellationToken)
    {
        var observer = new TrainingProgress(attempt, artifacts, job.Settings.Steps, snapshots, losses, job.Checkpoint is not null, options.CheckpointEvery,
            time, cancellationToken);
        try
        {
            return trainer.Train([job], observer, cancellationToken)[0].Require();
        }
        catch (DivergedException e)
        {
            throw new TrialFailedException(e.Message, e);
        }
    }

    /// <summary>Follows the run that L* is taken from: it leaves nothing behind, and one that is ended begins again.</summary>
    private sealed class ReferenceProgress(LossHistory losses, int steps, AttemptProgress attempt) : ITrainingObserver
    {
        public void OnLoss(int job, LossPoint point) => attempt.Report(AttemptPhase.Evaluate, (double)point.Step / steps);

        public void OnSnapshot(int job, int step, TrainedNetwork network) => losses.Record(step, network);
    }
}
