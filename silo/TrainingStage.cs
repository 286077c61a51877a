using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Schedules;
using Sweep.Diffusion.Training;
using Sweep.Grains.Specs;
using Sweep.Silo.Devices;

namespace Sweep.Silo;

/// <summary>
/// Trains a trial's network, unless a trial that differs in sampling alone has: from a checkpoint where an earlier attempt left one, and with the snapshots that its diagnostics ask for. Thread-safe.
/// </summary>
internal sealed class TrainingStage(SiloOptions options, TimeProvider time)
{
    private const long MostNetworkBytes = 256 << 20;

    private readonly CpuTrainer _cpu = new();
    private readonly SharedWork<SharedNetwork> _networks = new(MostNetworkBytes, n => n.Bytes);

    /// <param name="device">What trains.</param>
    /// <param name="trial">The trial.</param>
    /// <param name="data">Its points.</param>
    /// <param name="schedule">Its schedule.</param>
    /// <param name="artifacts">Where its checkpoints are.</param>
    /// <param name="attempt">Told how far it is.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="TrialFailedException">It diverged, or its design makes no sense.</exception>
    public SharedNetwork Train(
        SiloDevice device, TrialSpec trial, PreparedData data, ISchedule schedule, TrialArtifacts artifacts, AttemptProgress attempt, CancellationToken cancellationToken)
    {
        attempt.Report(AttemptPhase.Train, 0);
        return _networks.Get(
            TrialIdentity.Training(trial),
            () =>
            {
                long started = time.GetTimestamp();
                (ITrainer? trainer, string name) = TorchFallback.TrainerFor(device, TrialCost.Shape(trial));
                (TrainedNetwork network, IReadOnlyList<TrainedNetwork> snapshots) = TrainHere(trainer ?? _cpu, trial, data, schedule, artifacts, attempt, cancellationToken);
                return new SharedNetwork(network, snapshots, time.GetElapsedTime(started), name);
            },
            attempt,
            cancellationToken);
    }

    private (TrainedNetwork Network, IReadOnlyList<TrainedNetwork> Snapshots) TrainHere(
        ITrainer trainer, TrialSpec trial, PreparedData data, ISchedule schedule, TrialArtifacts artifacts, AttemptProgress attempt, CancellationToken cancellationToken)
    {
        TrainingSpec training = trial.Training;
        IReadOnlyList<int> steps = trial.Diagnostics?.TrainingSteps ?? [];
        var job = new TrainingJob
        {
            Shape = TrialCost.Shape(trial),
            Settings = new TrainingSettings(training.Steps, training.Batch, training.LearningRate, training.WarmupSteps),
            Design = TrainingDesigns.Of(training, schedule),
            Data = data.Latents,
            Seed = (ulong)trial.Seed,
            Checkpoint = artifacts.ReadCheckpoint(),
            SnapshotSteps = steps,
        };
        TrainedNetwork network = TrainOrBeginAgain(trainer, job, artifacts, attempt, cancellationToken);
        if (Snapshots(artifacts, job) is { } all)
            return (network, all);

        // The checkpoint was there, but not all that had been handed out before it.
        artifacts.DropCheckpoint();
        network = TrainOrBeginAgain(trainer, job with { Checkpoint = null }, artifacts, attempt, cancellationToken);
        return (network, Snapshots(artifacts, job) ?? throw new IOException($"snapshots after steps {string.Join(", ", steps)} can't be read back"));
    }

    /// <summary>Null when one is missing, damaged or another network's.</summary>
    private static List<TrainedNetwork>? Snapshots(TrialArtifacts artifacts, TrainingJob job)
    {
        List<TrainedNetwork> snapshots = [];
        foreach (int step in job.SnapshotSteps)
        {
            try
            {
                if (artifacts.ReadSnapshot(step) is not { } bytes || NetworkFile.Read(bytes) is not { } network || network.Shape != job.Shape)
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

    private TrainedNetwork TrainOrBeginAgain(ITrainer trainer, TrainingJob job, TrialArtifacts artifacts, AttemptProgress attempt, CancellationToken cancellationToken)
    {
        try
        {
            return Train(trainer, job, artifacts, attempt, cancellationToken);
        }
        catch (TrainingDesignException e) when (job.Checkpoint is null)
        {
            throw new TrialFailedException(e.Message, e);
        }
        catch (TrainingDesignException)
        {
            // A checkpoint of another version, or damaged: begin again rather than fail.
            artifacts.DropCheckpoint();
            return Train(trainer, job with { Checkpoint = null }, artifacts, attempt, cancellationToken);
        }
    }

    private TrainedNetwork Train(ITrainer trainer, TrainingJob job, TrialArtifacts artifacts, AttemptProgress attempt, CancellationToken cancellationToken)
    {
        var observer = new TrainingProgress(attempt, artifacts, job.Settings.Steps, job.Checkpoint is not null, options.CheckpointEvery, time, cancellationToken);
        try
        {
            return trainer.Train([job], observer, cancellationToken)[0].Require();
        }
        catch (DivergedException e)
        {
            throw new TrialFailedException(e.Message, e);
        }
    }
}
