using System.Globalization;
using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Samplers;
using Sweep.Diffusion.Schedules;
using Sweep.Diffusion.Training;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Silo;

/// <summary>
/// Runs attempts on the CPU: dataset, preprocessing (both cached by content), training with checkpoints, reverse sampling with the log-likelihood of every
/// step, metrics, artifacts.
/// </summary>
public sealed class TrialRunner(SiloOptions options, TimeProvider time) : ITrialRunner
{
    private readonly DataStage _data = new();
    private readonly CpuTrainer _trainer = new();

    /// <inheritdoc/>
    public TrialResult Run(AttemptProgress attempt, CancellationToken cancellationToken)
    {
        TrialSpec trial = attempt.Lease.Trial;
        var artifacts = new TrialArtifacts(options.ArtifactsDirectory, trial.Id);
        attempt.Report(AttemptPhase.Fit, 0);
        PreparedData data = _data.Prepare(trial);
        cancellationToken.ThrowIfCancellationRequested();

        ISchedule schedule = Create(ScheduleKinds.Registry, trial.Schedule);
        ISampler sampler = Create(SamplerKinds.Registry, trial.Sampling.Sampler);
        long trainingStarted = time.GetTimestamp();
        TrainedNetwork network = Train(trial, data, schedule, artifacts, attempt, cancellationToken);
        TimeSpan trainingTook = time.GetElapsedTime(trainingStarted);

        long samplingStarted = time.GetTimestamp();
        (SampledTrial sampled, string? note) = Sample(trial, data, schedule, sampler, network, attempt, cancellationToken);
        TimeSpan samplingTook = time.GetElapsedTime(samplingStarted);

        attempt.Report(AttemptPhase.Evaluate, 0);
        artifacts.WriteWeights(NetworkFile.Write(network));
        artifacts.WritePreprocessing(data.Fitted.Save());
        artifacts.WriteSamples(sampled.Samples);
        return new TrialResult
        {
            Metrics = MetricSuite.Evaluate(trial, data.Drawn, sampled, trainingTook, samplingTook),
            Curves = new Dictionary<string, float[]>(StringComparer.Ordinal)
            {
                ["log_likelihood"] = Narrow(sampled.LogLikelihood),
                ["log_likelihood_x0"] = Narrow(sampled.LogLikelihoodX0),
                ["training_loss"] = [.. network.Losses.Select(l => (float)l.Loss)],
            },
            Device = "cpu",
            Notes = note is null ? data.Notes : [.. data.Notes, note],
        };
    }

    /// <inheritdoc/>
    public void Forget(Lease lease) => new TrialArtifacts(options.ArtifactsDirectory, lease.Trial.Id).DropCheckpoint();

    private static T Create<T>(KindRegistry<T> registry, KindSpec spec)
        where T : class
    {
        try
        {
            return registry.Create(spec.Kind, new ParameterValues(spec.Parameters));
        }
        catch (KindException e)
        {
            throw new TrialFailedException($"{registry.Seam} {spec.Name}: {e.Message}", e);
        }
    }

    private static IGrid Grid(TrialSpec trial) => trial.Sampling.Grid is { } kind ? Create(GridKinds.Registry, kind) : new NativeGrid();

    private static float[] Narrow(double[] curve) => Array.ConvertAll(curve, v => (float)v);

    private TrainedNetwork Train(
        TrialSpec trial, PreparedData data, ISchedule schedule, TrialArtifacts artifacts, AttemptProgress attempt, CancellationToken cancellationToken)
    {
        TrainingSpec training = trial.Training;
        var job = new TrainingJob
        {
            Shape = TrialCost.Shape(trial),
            Settings = new TrainingSettings(training.Steps, training.Batch, training.LearningRate, training.WarmupSteps),
            Design = TrainingDesigns.Of(training, schedule),
            Data = data.Latents,
            Seed = (ulong)trial.Seed,
            Checkpoint = artifacts.ReadCheckpoint(),
        };
        try
        {
            return Train(job, training.Steps, artifacts, attempt, cancellationToken);
        }
        catch (TrainingDesignException e) when (job.Checkpoint is null)
        {
            throw new TrialFailedException(e.Message, e);
        }
        catch (TrainingDesignException)
        {
            // A checkpoint of another version, or damaged: begin again rather than fail.
            artifacts.DropCheckpoint();
            return Train(job with { Checkpoint = null }, training.Steps, artifacts, attempt, cancellationToken);
        }
    }

    private TrainedNetwork Train(
        TrainingJob job, int steps, TrialArtifacts artifacts, AttemptProgress attempt, CancellationToken cancellationToken)
    {
        var observer = new TrainingProgress(attempt, artifacts, steps, options.CheckpointEvery, time, cancellationToken);
        try
        {
            return _trainer.Train([job], observer, cancellationToken)[0].Require();
        }
        catch (DivergedException e)
        {
            throw new TrialFailedException(e.Message, e);
        }
    }

    /// <summary>Samples, and says how far teleportation went; null without it.</summary>
    private static (SampledTrial Sampled, string? Note) Sample(
        TrialSpec trial, PreparedData data, ISchedule schedule, ISampler sampler, TrainedNetwork network, AttemptProgress attempt,
        CancellationToken cancellationToken)
    {
        IReadOnlyList<NoiseLevel> grid;
        try
        {
            grid = Grid(trial).Levels(schedule, trial.Sampling.Steps);
        }
        catch (KindException e)
        {
            throw new TrialFailedException(e.Message, e);
        }

        using MlpDenoiser denoiser = network.CreateDenoiser();
        var noise = new PhiloxNoise((ulong)trial.Seed);
        double[] initial = noise.Initial(trial.Sampling.Samples, denoiser.Dimensions, grid[0].Noise);
        var training = new PointSet(Array.ConvertAll(data.Latents, v => (double)v), denoiser.Dimensions);
        string? note = null;
        if (TeleportKinds.Of(trial.Sampling.Teleport) is { } target)
            (grid, initial, note) = Teleport(target, schedule, grid, initial, training);
        var recorder = new ReverseRecorder(data, grid.Count, trial.Sampling.Samples);
        ISampler prepared = sampler.Prepare(new SamplerPreparation
        {
            Denoiser = denoiser,
            Grid = grid,
            Training = training,
            Seed = (ulong)trial.Seed,
        });
        foreach (ReverseState state in prepared.Sample(denoiser, grid, initial, noise))
        {
            cancellationToken.ThrowIfCancellationRequested();
            recorder.Record(state);
            attempt.Report(AttemptPhase.Sample, (state.Step + 1.0) / grid.Count);
        }

        return (recorder.Finish(), note);
    }

    private static (IReadOnlyList<NoiseLevel> Grid, double[] Initial, string Note) Teleport(
        TeleportTarget target, ISchedule schedule, IReadOnlyList<NoiseLevel> grid, double[] initial, PointSet training)
    {
        try
        {
            Teleported start = Teleportation.Of(training).Apply(target, schedule, grid, initial);
            if (start.Grid.Count < 2)
                throw new TrialFailedException($"teleport.skip: {target.Skip}, all of {grid.Count - 1} steps; allowed: a share that leaves at least one");

            // Percent skipped means nothing without sigma_max.
            string note = string.Create(
                CultureInfo.InvariantCulture,
                $"teleported from sigma {grid[0].Sigma:G4} to sigma_skip {start.SigmaSkip:G4}, in place of {start.SkippedSteps} of {grid.Count - 1} steps; sigma_skip / sigma_data {start.SigmaSkipOverSigmaData:G4}");
            return (start.Grid, start.Initial, note);
        }
        catch (KindException e)
        {
            throw new TrialFailedException(e.Message, e);
        }
    }
}
