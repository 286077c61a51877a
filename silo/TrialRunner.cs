using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Networks.Reference;
using Sweep.Diffusion.Samplers;
using Sweep.Diffusion.Schedules;
using Sweep.Diffusion.Training;
using Sweep.Diffusion.Training.Cuda;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Sweep.Silo.Devices;
using Sweep.Silo.Diagnostics;
using Sweep.Silo.Preparation;

namespace Sweep.Silo;

/// <summary>
/// Runs attempts: dataset, preprocessing (both cached by content), training with checkpoints or a reference denoiser, reverse sampling with the log-likelihood
/// of every step, metrics, artifacts.
/// </summary>
public sealed class TrialRunner : ITrialRunner
{
    private const int MaxDiagnoses = 1000;

    private readonly SiloOptions _options;
    private readonly TimeProvider _time;
    private readonly DataFiles? _files;
    private readonly SiloDevice _device;
    private readonly DataStage _data;
    private readonly TrainingStage _training;
    private readonly CoreGate _cores, _sharedCores;
    private readonly SharedWork<DiagnosticResults> _diagnoses;

    /// <param name="options">The silo's.</param>
    /// <param name="time">The clock.</param>
    /// <param name="files">Where data files are found; null takes the spec's word.</param>
    /// <param name="device">What trains; null: the CPU. All else is the CPU's.</param>
    /// <param name="fits">Where silos get each other's fits; null: each makes its own.</param>
    public TrialRunner(SiloOptions options, TimeProvider time, DataFiles? files = null, SiloDevice? device = null, IFitExchange? fits = null)
    {
        (_options, _time, _files, _device) = (options, time, files, device ?? SiloDevice.Cpu);
        _data = new DataStage(fits);
        _training = new TrainingStage(options, time);
        _sharedCores = new CoreGate(Environment.ProcessorCount);
        _cores = Gate();
        _diagnoses = new SharedWork<DiagnosticResults>(MaxDiagnoses, _ => 1);
    }

    private TrialRunner(TrialRunner other, SiloDevice device)
    {
        (_options, _time, _files, _device) = (other._options, other._time, other._files, device);
        (_data, _training, _sharedCores, _diagnoses) = (other._data, other._training, other._sharedCores, other._diagnoses);
        _cores = Gate();
    }

    /// <summary>A runner whose networks are trained on another device, and which shares all that trials share with this one.</summary>
    public TrialRunner On(SiloDevice device) => new(this, device);

    /// <inheritdoc/>
    public TrialResult Run(AttemptProgress attempt, CancellationToken cancellationToken)
    {
        TrialSpec trial = DataFiles.Locate(attempt.Lease.Trial, _files);
        var artifacts = new TrialArtifacts(_options.ArtifactsDirectory, trial.Id) { Training = TrialIdentity.Training(trial) };
        if (trial.Diagnostics is not null && TrialCost.Parts(trial) is var cost)
            attempt.ExpectDiagnosis(cost.Diagnosis / cost.Total);
        using CoreGate.Pass core = _cores.Enter(cancellationToken);
        PreparedData data = _data.Prepare(trial, attempt, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();

        ISchedule schedule = TrialKinds.Create(ScheduleKinds.Registry, trial.Schedule);
        ISampler sampler = TrialKinds.Create(SamplerKinds.Registry, trial.Sampling.Sampler);
        long prepared = _time.GetTimestamp();
        SharedNetwork? shared = ReferenceKinds.Has(trial.Network.Kind)
            ? null
            : core.Outside(() => _training.Train(_device, trial, data, schedule, artifacts, attempt, cancellationToken), cancellationToken);
        TrainedNetwork? network = shared?.Network;
        using ITrainedDenoiser? trained = network is null ? null
            : network.Shape.IsFused && _device.Evaluator is { } evaluator ? evaluator.CreateDenoiser(network)
            : network.CreateDenoiser(TorchFallback.DeviceFor(_device));
        IDenoiser denoiser = trained is null ? Reference(trial, data, cancellationToken)
            : network!.Shape.IsFused ? trained
            : new CancellableDenoiser(trained, cancellationToken);
        TimeSpan trainingTook = shared?.Took ?? _time.GetElapsedTime(prepared);

        long samplingStarted = _time.GetTimestamp();
        (SampledTrial sampled, string? note) = Sample(trial, data, schedule, sampler, denoiser, attempt, cancellationToken);
        TimeSpan samplingTook = _time.GetElapsedTime(samplingStarted);

        attempt.Report(AttemptPhase.Evaluate, 0);

        // Before the attempts that share its diagnoses wait for them: the one ahead may have to train, and needs a core again after that.
        MeasuredLosses? measured = shared?.Losses is { } losses
            ? core.Outside(() => _training.Measured(_device, trial, data, schedule, losses, attempt, cancellationToken), cancellationToken)
            : null;
        var diagnosed = new DiagnosticInput
        {
            Trial = trial, Data = data, Schedule = schedule, Model = denoiser, Snapshots = shared?.Snapshots ?? [],
            Losses = measured,
        };
        DiagnosticResults diagnostics = Diagnose(diagnosed, attempt, cancellationToken);
        if (network is not null)
            artifacts.WriteWeights(NetworkFile.Write(network));
        artifacts.WritePreprocessing(data.Fitted.Save());
        artifacts.WriteSamples(sampled.Samples);
        artifacts.WriteTrajectory(sampled.Trajectory);
        return new TrialResult
        {
            Metrics = MetricSuite.Evaluate(sampled.Subject(trial, data, trainingTook, samplingTook, _device.Evaluator)).Concat(diagnostics.Metrics)
                .ToDictionary(StringComparer.Ordinal),
            Curves = Curves(sampled, network).Concat(diagnostics.Curves).ToDictionary(StringComparer.Ordinal),
            Device = shared?.Device ?? SiloDevice.Cpu.Name,
            Notes = [.. data.Notes, .. note is null ? [] : new[] { note }, .. diagnostics.Notes],
        };
    }

    /// <inheritdoc/>
    public void Forget(Lease lease)
    {
        var artifacts = new TrialArtifacts(_options.ArtifactsDirectory, lease.Trial.Id);
        artifacts.DropCheckpoint();
        artifacts.DropSnapshots();
        artifacts.DropException();
    }

    private static CancellableDenoiser Reference(TrialSpec trial, PreparedData data, CancellationToken cancellationToken) =>
        new(ReferenceDenoisers.Create(trial, data, cancellationToken), cancellationToken);

    /// <param name="network">Null where nothing was trained: then there is no loss.</param>
    private static Dictionary<string, float[]> Curves(SampledTrial sampled, TrainedNetwork? network)
    {
        var curves = new Dictionary<string, float[]>(StringComparer.Ordinal)
        {
            ["log_likelihood"] = Narrow(sampled.LogLikelihood),
            ["log_likelihood_x0"] = Narrow(sampled.LogLikelihoodX0),
        };
        if (network is not null)
            curves["training_loss"] = [.. network.Losses.Select(l => (float)l.Loss)];
        return curves;
    }

    /// <summary>Where threads train by themselves, the slots are the limit.</summary>
    private CoreGate Gate() => _device.Trainer is null ? CoreGate.Open : _sharedCores;

    private static float[] Narrow(double[] curve) => Array.ConvertAll(curve, v => (float)v);

    /// <summary>What is measured of the model alone is measured once for the trials that share it.</summary>
    private DiagnosticResults Diagnose(DiagnosticInput input, AttemptProgress attempt, CancellationToken cancellationToken)
    {
        if (input.Trial.Diagnostics is not { } asked)
            return new DiagnosticResults();
        DiagnosticResults model = _diagnoses.Get(
            TrialIdentity.Training(input.Trial),
            () => TrialDiagnostics.OfModel(input, asked, share => attempt.Report(AttemptPhase.Evaluate, share), cancellationToken),
            attempt,
            cancellationToken);
        return model.With(TrialDiagnostics.OfSampling(input, asked, cancellationToken));
    }

    /// <summary>Samples, and says how far teleportation went; null without it.</summary>
    private (SampledTrial Sampled, string? Note) Sample(
        TrialSpec trial, PreparedData data, ISchedule schedule, ISampler sampler, IDenoiser denoiser, AttemptProgress attempt,
        CancellationToken cancellationToken)
    {
        var noise = new PhiloxNoise((ulong)trial.Seed);
        PointSet training = data.LatentPoints();
        SamplingStart start = SamplingStart.Of(trial, schedule, training, noise, trial.Sampling.Samples);
        using var recorder = new ReverseRecorder(data, start.Grid.Count, trial.Sampling.Samples, _device.Evaluator);
        ISampler prepared = sampler.Prepare(new SamplerPreparation
        {
            Denoiser = denoiser,
            Grid = start.Grid,
            Training = training,
            Seed = (ulong)trial.Seed,
        });
        using IDeviceReverse? onDevice = (denoiser as IDeviceDenoiser)?.Reverse(new DeviceReversal
        {
            Sampler = prepared,
            Grid = start.Grid,
            Initial = start.Initial,
            Seed = (ulong)trial.Seed,
            Fitted = data.Fitted,
            Density = recorder.OnDevice,
        });
        foreach (DeviceState state in onDevice?.Run(cancellationToken) ?? [])
        {
            recorder.Record(state);
            Report(state.Step);
        }

        foreach (ReverseState state in onDevice is null ? prepared.Sample(denoiser, start.Grid, start.Initial, noise) : [])
        {
            cancellationToken.ThrowIfCancellationRequested();
            recorder.Record(state);
            Report(state.Step);
        }

        return (recorder.Finish() with { DistanceSums = onDevice?.DistanceSums(data.Drawn.Split.Test.Values) }, start.Note);

        void Report(int step)
        {
            attempt.Report(AttemptPhase.Sample, (step + 1.0) / start.Grid.Count);
            if (recorder.LogLikelihood(step) is { } nats)
                attempt.Scored(nats);
        }
    }
}
