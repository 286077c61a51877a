using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Diagnostics;
using Sweep.Diffusion.Metrics;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Networks.Reference;
using Sweep.Diffusion.Samplers;
using Sweep.Diffusion.Schedules;
using Sweep.Diffusion.Training;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;
using Sweep.Silo.Preparation;

namespace Sweep.Silo.Diagnostics;

/// <summary>
/// Measures what a trial's <c>diagnostics</c> ask for, on at most <see cref="HeldOutPoints.MaxPoints"/> held-out points with noise of the trial's seed: a pure
/// function of trial and model. Used once.
/// </summary>
internal sealed class TrialDiagnostics
{
    /// <summary>Heun's steps from a level to turn back at to clean data.</summary>
    public const int StepsBack = 24;

    /// <summary>Heun's steps of the runs that follow the probability flow.</summary>
    public const int FineSteps = 128;

    /// <summary>Paths that are followed at most.</summary>
    public const int MaxPaths = 1024;

    private readonly DiagnosticInput _input;
    private readonly DiagnosticsSpec _asked;
    private readonly HeldOutPoints _points;
    private readonly double[] _sigmas;
    private readonly NoiseLevel[] _levels;
    private readonly ulong _seed;
    private readonly CancellationToken _cancellation;
    private readonly DiagnosticResults _results = new();
    private readonly IDenoiser? _exact;

    /// <summary>Told the share that is done of the part at work.</summary>
    private Action<double> _progress = _ => { };

    private TrialDiagnostics(DiagnosticInput input, DiagnosticsSpec asked, CancellationToken cancellation)
    {
        _input = input with { Model = new CancellableDenoiser(input.Model, cancellation) };
        _asked = asked;
        _cancellation = cancellation;
        _points = HeldOutPoints.Of(input.Data);
        _sigmas = DiagnosticSigmas.Of(input.Trial);
        _levels = Array.ConvertAll(_sigmas, input.Schedule.AtSigma);
        _seed = (ulong)input.Trial.Seed;
        _exact = LatentMixture.Of(input.Data.Drawn.Dataset.Density, input.Data.Fitted) is { } density
            ? new CancellableDenoiser(new ExactDenoiser(density), cancellation) : null;
    }

    /// <summary>What does not depend on how the trial samples.</summary>
    /// <param name="input">The trial's model.</param>
    /// <param name="asked">What is measured.</param>
    /// <param name="progress">Told the share that is done, 0 to 1.</param>
    /// <param name="cancellation">Stops between noise levels, and in the middle of slow ones.</param>
    /// <exception cref="TrialFailedException">A reference can't be fitted.</exception>
    public static DiagnosticResults OfModel(DiagnosticInput input, DiagnosticsSpec asked, Action<double> progress, CancellationToken cancellation)
    {
        var diagnostics = new TrialDiagnostics(input, asked, cancellation);
        (bool Asked, Action Measure)[] all =
        [
            (asked.ExplainedShare is not null, diagnostics.ExplainedShares), (asked.DenoisingError is true, diagnostics.DenoisingErrors),
            (asked.Bifurcation is true, diagnostics.Bifurcations),
            (asked.ExplainedPath is not null, diagnostics.ExplainedPaths), (asked.SymmetryBreaking is true, diagnostics.SymmetryBreakings),
            (asked.TotalCorrelation is true, diagnostics.TotalCorrelations), (asked.PrincipalComponents is true, diagnostics.PrincipalComponents),
            (asked.Collapse is true, diagnostics.Collapses),
            (asked.Likelihood is true, diagnostics.Likelihood), (asked.ValidationLoss is true, diagnostics.ValidationLosses),
        ];
        Action[] parts = [.. all.Where(p => p.Asked).Select(p => p.Measure)];
        for (int i = 0; i < parts.Length; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            diagnostics._progress = share => progress((i + share) / parts.Length);
            parts[i]();
            progress((i + 1.0) / parts.Length);
        }

        return diagnostics._results;
    }

    /// <summary>What depends on the trial's sampler and grid too.</summary>
    /// <inheritdoc cref="OfModel"/>
    public static DiagnosticResults OfSampling(DiagnosticInput input, DiagnosticsSpec asked, CancellationToken cancellation)
    {
        var diagnostics = new TrialDiagnostics(input, asked, cancellation);
        if (asked.ErrorDecomposition is true)
            diagnostics.Errors();
        return diagnostics._results;
    }

    private void ExplainedShares()
    {
        List<(string Name, IDenoiser Denoiser)> references = References(_asked.ExplainedShare!, "explained_share");
        if (_asked.TrainingSteps is not null && _input.Snapshots.Count == 0)
            LeaveOut("training_steps", "nothing is trained");
        var shares = ExplainedShares(references);
        for (int r = 0; r < references.Count; r++)
        {
            string score = CurveNames.ExplainedScore(references[r].Name), denoiser = CurveNames.ExplainedDenoiser(references[r].Name);
            _results.Curves[score] = Curve(s => shares[s, r, 0].Score, _sigmas.Length);
            _results.Curves[denoiser] = Curve(s => shares[s, r, 0].Denoiser, _sigmas.Length);
            _results.Curves[CurveNames.ExplainedPerSample(references[r].Name)] = Curve(s => shares[s, r, 0].ScorePerSample, _sigmas.Length);
            for (int s = 0; s < _sigmas.Length && _input.Snapshots.Count > 0; s++)
            {
                _results.Curves[CurveNames.AtSigma(score, _sigmas[s])] = Curve(m => shares[s, r, m + 1].Score, _input.Snapshots.Count);
                _results.Curves[CurveNames.AtSigma(denoiser, _sigmas[s])] = Curve(m => shares[s, r, m + 1].Denoiser, _input.Snapshots.Count);
            }
        }
    }

    /// <summary>
    /// By level, reference and model: the one diagnosed, then its snapshots. Each denoiser is asked once per level, and snapshots are unpacked one at a time.
    /// </summary>
    private ExplainedShare[,,] ExplainedShares(List<(string Name, IDenoiser Denoiser)> references)
    {
        var shares = new ExplainedShare[_levels.Length, references.Count, 1 + _input.Snapshots.Count];
        int d = _points.Latent.Dimensions;
        double[] x0Hat = new double[_points.Latent.Values.Length];
        for (int s = 0; s < _levels.Length; s++)
        {
            _cancellation.ThrowIfCancellationRequested();
            _progress((double)s / _levels.Length);
            NoiseLevel level = _levels[s];
            double[] noisy = NoisyPoints.At(_points.Latent.Values, d, level, _seed);
            double[][] explained = [.. references.Select(r => Ask(r.Denoiser))];
            for (int m = 0; m <= _input.Snapshots.Count; m++)
            {
                using ITrainedDenoiser? snapshot = m == 0 ? null : _input.Snapshots[m - 1].CreateDenoiser();
                ((IDenoiser?)snapshot ?? _input.Model).Denoise(noisy, level, x0Hat);
                for (int r = 0; r < references.Count; r++)
                    shares[s, r, m] = ExplainedShare.Between(x0Hat, explained[r], noisy, level, d);
            }

            double[] Ask(IDenoiser denoiser)
            {
                double[] answer = new double[noisy.Length];
                denoiser.Denoise(noisy, level, answer);
                return answer;
            }
        }

        return shares;
    }

    private List<(string Name, IDenoiser Denoiser)> References(IReadOnlyList<string> names, string key)
    {
        List<(string Name, IDenoiser Denoiser)> references = [];
        foreach (string name in names)
        {
            if (name == ReferenceKinds.Exact && _exact is null)
                LeaveOut($"{key}: exact", "the density of the preprocessed data can't be written down");
            else
                references.Add((name, name == ReferenceKinds.Exact ? _exact! : Reference(name)));
        }

        return references;
    }

    private void ExplainedPaths()
    {
        int d = _points.Latent.Dimensions;
        NoiseLevel first = _input.Schedule.AtSigma(NoiseRange.Of(_input.Schedule).SigmaMax);
        (IReadOnlyList<NoiseLevel> grid, int[] at) = ExplainedPath.Through(_input.Schedule, first, [.. _levels.Reverse()]);
        double[] initial = new PhiloxNoise(_seed).Initial(Math.Min(_points.Latent.Count, MaxPaths), d, first.Noise);
        double[][] model = ExplainedPath.Follow(_input.Model, grid, at, initial);
        foreach ((string name, IDenoiser denoiser) in References(_asked.ExplainedPath!, "explained_path"))
        {
            _cancellation.ThrowIfCancellationRequested();
            double[][] reference = name == ReferenceKinds.Gaussian
                ? [.. at.Select(i => Teleportation.Of(_input.Data.LatentPoints()).Flow(initial, first, grid[i]))]
                : ExplainedPath.Follow(denoiser, grid, at, initial);
            _results.Curves[CurveNames.ExplainedPath(name)] = Curve(s => ExplainedPath.Share(model[^(s + 1)], reference[^(s + 1)], d), _sigmas.Length);
        }
    }

    private void TotalCorrelations()
    {
        if (_input.Data.Drawn.Dataset.Density is not { } density)
        {
            LeaveOut("total_correlation", "the dataset's density is not known");
            return;
        }

        double left = TotalCorrelation.Of(density, _input.Data.Drawn.Split.Test, _input.Data.Fitted);
        _results.Put(DiagnosticMetrics.TotalCorrelation, double.IsFinite(left) ? new MetricValue(left)
            : new MetricValue(null, null, "an entropy is not finite"));
    }

    private void PrincipalComponents() => ComponentPaths.Measure(_input, _exact, _points, _sigmas, _results, _progress, _cancellation);

    private void Collapses()
    {
        PointSet training = _input.Data.LatentPoints();
        double? theory = LatentMixture.Of(_input.Data.Drawn.Dataset.Density, _input.Data.Fitted) is { } density && training.Count > 1
            ? Collapse.Theory(density, _points.Latent, training.Count, _seed) : null;
        Collapse found = Collapse.Measure(training, _sigmas, _seed);
        _results.Curves[CurveNames.Collapse] = [.. found.Weights.Select(w => (float)w)];
        _results.Put(DiagnosticMetrics.CollapseSigma, found.Sigma is { } sigma ? new MetricValue(sigma, theory)
            : new MetricValue(null, theory, "no two of the sigmas enclose it"));
        if (theory is { } known)
            _results.Put(DiagnosticMetrics.CollapseSigmaTheory, new MetricValue(known));
    }

    private void SymmetryBreakings()
    {
        PointSet training = _input.Data.LatentPoints();
        double[] mean = new double[training.Dimensions];
        for (int i = 0; i < training.Values.Length; i++)
            mean[i % mean.Length] += training.Values[i] / training.Count;
        double? exact = _exact is null ? null : Add(CurveNames.MeanGain + CurveNames.Exact, DiagnosticMetrics.SymmetryBreakingSigmaExact, _exact, null);
        Add(CurveNames.MeanGain, DiagnosticMetrics.SymmetryBreakingSigma, _input.Model, exact);

        double? Add(string curve, DiagnosticMetric metric, IDenoiser denoiser, double? truthLevel)
        {
            SymmetryBreaking found = SymmetryBreaking.Measure(denoiser, mean, _levels);
            _results.Curves[curve] = [.. found.Gains.Select(g => (float)g)];
            _results.Put(metric, found.Sigma is { } sigma ? new MetricValue(sigma, truthLevel)
                : new MetricValue(null, truthLevel, "at no two neighbouring sigmas does the gain pass 1"));
            return found.Sigma;
        }
    }

    private void DenoisingErrors()
    {
        Add(CurveNames.DenoisingError, _input.Model);
        if (_exact is not null)
            Add(CurveNames.DenoisingError + CurveNames.Exact, _exact);

        void Add(string name, IDenoiser denoiser) =>
            _results.Curves[name] = [.. DenoisingError.Curve(denoiser, _points.Latent, _levels, _seed).Select(e => (float)e.MeanSquare)];
    }

    private void Bifurcations()
    {
        if (_input.Data.Drawn.Dataset.Modes is not { Weights.Count: > 1 } modes)
        {
            LeaveOut("bifurcation", "the dataset has no known modes");
            return;
        }

        double? exact = _exact is null ? null : Add(CurveNames.Bifurcation + CurveNames.Exact, DiagnosticMetrics.BifurcationSigmaExact, _exact, null);
        Add(CurveNames.Bifurcation, DiagnosticMetrics.BifurcationSigma, _input.Model, exact);

        double? Add(string curve, DiagnosticMetric metric, IDenoiser denoiser, double? truthLevel)
        {
            var waysBack = _levels.Reverse().Select(level =>
            {
                _cancellation.ThrowIfCancellationRequested();
                return FlowGrid.Down(_input.Schedule, level, StepsBack);
            });
            Bifurcation found = Bifurcation.Measure(denoiser, new Heun(), waysBack, _points.Data, modes, _input.Data.Fitted, _seed);
            _results.Curves[curve] = [.. found.Curve.Reverse().Select(c => (float)c.Returned)];
            _results.Put(metric,
                found.Sigma is { } sigma ? new MetricValue(sigma, truthLevel) : new MetricValue(null, truthLevel, "no two of the sigmas enclose it"));
            return found.Sigma;
        }
    }

    private void Errors()
    {
        if (_exact is null)
        {
            LeaveOut("error_decomposition", "the density of the preprocessed data can't be written down");
            return;
        }

        (ErrorDecomposition errors, string? inPlace) = SamplingErrors.Measure(_input, _exact, _points.Latent, FineSteps, _cancellation);
        if (inPlace is not null)
            _results.Notes.Add(
                $"error_decomposition: {inPlace} in place of {_input.Trial.Sampling.Sampler.Name}, as paths can be compared only without added noise");
        Put(DiagnosticMetrics.ErrorInitialisation, errors.Initialisation);
        Put(DiagnosticMetrics.ErrorScore, errors.Score);
        Put(DiagnosticMetrics.ErrorDiscretisation, errors.Discretisation);
        Put(DiagnosticMetrics.PathErrorInitialisation, errors.InitialisationPathError);
        Put(DiagnosticMetrics.PathErrorScore, errors.ScorePathError);
        Put(DiagnosticMetrics.PathErrorDiscretisation, errors.DiscretisationPathError);

        void Put(DiagnosticMetric metric, double value) =>
            _results.Put(metric, double.IsFinite(value) ? new MetricValue(value) : new MetricValue(null, null, "a path's end is not finite"));
    }

    private void ValidationLosses()
    {
        if (_input.Losses is not { } losses)
        {
            LeaveOut("validation_loss", "nothing is trained");
            return;
        }

        double[] means = [.. losses.Rows.Select(rows => rows.Average(l => (double)l))];
        double least = losses.Least.Average(l => (double)l);
        _results.Curves[CurveNames.ValidationLoss] = [.. means.Select(m => (float)m)];
        _results.Put(DiagnosticMetrics.ValidationLoss,
            double.IsFinite(means[^1]) ? new MetricValue(means[^1], least) : new MetricValue(null, least, "a loss is not finite"));
        Measurement steps = StepsToFinalLoss.Of(losses.Steps, losses.Rows, losses.Least);
        _results.Put(DiagnosticMetrics.StepsToFinalLoss, new MetricValue(steps.Value, null, steps.Reason));
        if (losses.Reference is { } reference)
            _results.Notes.Add($"validation_loss: no exact denoiser is known in this space, so L* is the least loss of {reference}");
    }

    private void Likelihood() => HeldOutLikelihood.Measure(_input, _results, _cancellation);

    private CancellableDenoiser Reference(string name) => new(
        ReferenceDenoisers.Create(
            ReferenceName.Find(name)!, _input.Data, _seed, _asked.MixtureComponents ?? DiagnosticsSpec.DefaultMixtureComponents, _cancellation),
        _cancellation);

    private void LeaveOut(string what, string why) => _results.Notes.Add($"diagnostics.{what} was left out: {why}");

    private static float[] Curve(Func<int, double> value, int length) => [.. Enumerable.Range(0, length).Select(i => (float)value(i))];
}
