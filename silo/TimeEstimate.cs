using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Samplers;
using Sweep.Diffusion.Schedules;
using Sweep.Diffusion.Training;
using Sweep.Grains.Specs;
using Sweep.Silo.Diagnostics;
using Sweep.Silo.Preparation;

namespace Sweep.Silo;

/// <summary>
/// How long a sweep will take on this machine, from rates measured a moment before: training and denoising per network shape, making and denoising per
/// reference (of networks and of diagnostics), fit, mapping back and scoring per dataset and preprocessing. Wall time is the work over the slots, or the
/// longest trial where that is more.
/// </summary>
/// <param name="Wall">With all slots busy.</param>
/// <param name="Work">One core's time for everything.</param>
public sealed record TimeEstimate(TimeSpan Wall, TimeSpan Work)
{
    /// <summary>Trials that failed when their data were prepared to be timed, and why: they will fail so when they run.</summary>
    public IReadOnlyList<(TrialSpec Trial, string Why)> Failures { get; init; } = [];

    /// <summary>Networks measured at most; the others are taken in proportion to their operations.</summary>
    private const int MaxShapes = 16;

    /// <summary>Dataset and preprocessing pairs measured at most; the others cost the mean of those.</summary>
    private const int MaxPairs = 16;

    private static readonly TimeSpan ShapeBudget = TimeSpan.FromSeconds(2);

    /// <summary>Measures; takes a few seconds.</summary>
    public static TimeEstimate Measure(SweepSpec spec, int slots, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(spec);
        List<TrialSpec> trials = [.. TrialExpansion.All(spec)];
        var stage = new DataStage();
        Dictionary<(NetworkShape, int), TrainingRate> rates = MeasureNetworks(
            [.. trials.Where(t => !ReferenceRates.Has(t)), .. trials.Where(LossReference.IsNeeded).Select(LossReference.Of)], time);
        List<(TrialSpec Trial, string Why)> failures = [];
        Dictionary<string, PairSeconds> pairs = MeasurePairs(stage, trials, time, failures);
        ReferenceRates references = ReferenceRates.Measure(
            stage, [.. trials.Where(ReferenceRates.Has), .. trials.SelectMany(t => DiagnosticCost.Of(t, 0).References.Select(r => r.Trial))], time);
        double meanFit = pairs.Values.Average(p => p.Fit);
        double meanState = pairs.Values.Average(p => p.StateRow);
        double meanMetrics = pairs.Values.Average(p => p.Metrics);

        HashSet<string> fitted = [], trained = [];
        Dictionary<string, SamplingCost?> sampling = new(StringComparer.Ordinal);
        double work = 0;
        double longest = 0;
        foreach (TrialSpec trial in trials)
        {
            if (!sampling.TryGetValue(SamplingCost.Key(trial), out SamplingCost? cost))
                sampling[SamplingCost.Key(trial)] = cost = CountEvaluations(trial);
            double states = (double)trial.Sampling.Samples * (cost?.States ?? 0);
            double rows = cost is null ? 0 : ((double)trial.Sampling.Samples * cost.RowsPerSample) + cost.RowsOnce;
            (double making, double rowSeconds) = ReferenceRates.Has(trial) ? references.Of(trial) : NetworkSeconds(rates, trial);
            PairSeconds pair = pairs.TryGetValue(Pair(trial), out PairSeconds? known) ? known : new PairSeconds(meanFit, meanState, meanMetrics);
            // A network that trials share is trained once, and diagnosed once but for what its sampling bears on.
            bool shared = !trained.Add(TrialIdentity.Training(trial));
            if (shared && !ReferenceRates.Has(trial))
                making = 0;
            DiagnosticCost diagnostics = DiagnosticCost.Of(
                shared && trial.Diagnostics is { } asked ? trial with { Diagnostics = new DiagnosticsSpec { ErrorDecomposition = asked.ErrorDecomposition } }
                    : trial, cost?.RowsPerSample ?? 0);
            double diagnosing = (diagnostics.ModelRows * rowSeconds)
                + diagnostics.References.Sum(r => references.Of(r.Trial) is var (made, row) ? made + (r.Rows * row) : 0);
            if (LossReference.IsNeeded(trial) && LossReference.Of(trial) is var least && trained.Add(TrialIdentity.Training(least)))
                diagnosing += NetworkSeconds(rates, least).Training;
            double seconds = making + (rows * rowSeconds) + (states * pair.StateRow) + pair.Metrics + diagnosing;
            work += seconds + (fitted.Add($"{Pair(trial)}|{trial.Seed}") ? pair.Fit : 0);
            longest = Math.Max(longest, seconds);
        }

        return new TimeEstimate(TimeSpan.FromSeconds(Math.Max(work / slots, longest)), TimeSpan.FromSeconds(work)) { Failures = failures };
    }

    /// <summary>Null for a trial that can't be sampled: it will fail.</summary>
    private static SamplingCost? CountEvaluations(TrialSpec trial)
    {
        try
        {
            return SamplingCost.Of(trial);
        }
        catch (TrialFailedException)
        {
            return null;
        }
    }

    /// <summary>Trials of one pair see the same data in the same space, but for the seed.</summary>
    internal static string Pair(TrialSpec trial) =>
        $"{trial.Dataset.Kind}{trial.Dataset.Parameters.ToJsonString()}|{trial.Preprocessing.Kind}{trial.Preprocessing.Parameters.ToJsonString()}"
        + $"|{trial.Training.Points}|{trial.Sampling.Samples}";

    private static Dictionary<(NetworkShape Shape, int Batch), TrainingRate> MeasureNetworks(List<TrialSpec> trials, TimeProvider time)
    {
        List<(NetworkShape Shape, int Batch)> shapes = [.. trials.Select(t => (TrialCost.Shape(t), t.Training.Batch)).Distinct()];

        // Evenly over the sizes, when there are more than can be measured.
        List<(NetworkShape Shape, int Batch)> chosen = [.. shapes.OrderBy(s => s.Shape.Multiplications)];
        if (chosen.Count > MaxShapes)
            chosen = [.. Enumerable.Range(0, MaxShapes).Select(i => chosen[i * (chosen.Count - 1) / (MaxShapes - 1)]).Distinct()];
        TimeSpan budget = ShapeBudget / Math.Max(chosen.Count, 5);
        return chosen.ToDictionary(s => s, s => TrainingRate.Measure(s.Shape, s.Batch, time, budget));
    }

    private static (double Training, double Row) NetworkSeconds(Dictionary<(NetworkShape Shape, int Batch), TrainingRate> rates, TrialSpec trial)
    {
        (NetworkShape shape, int batch, int steps) = (TrialCost.Shape(trial), trial.Training.Batch, trial.Training.Steps);
        if (rates.TryGetValue((shape, batch), out TrainingRate? exact))
            return (steps / exact.StepsPerSecond, 1 / exact.DenoisedRowsPerSecond);
        ((NetworkShape nearShape, int nearBatch), TrainingRate rate) =
            rates.MinBy(r => Math.Abs(Math.Log(r.Key.Shape.Multiplications * r.Key.Batch / (shape.Multiplications * batch))));
        double parameters = shape.Multiplications / nearShape.Multiplications;
        return (steps * parameters * batch / nearBatch / rate.StepsPerSecond, parameters / rate.DenoisedRowsPerSecond);
    }

    private static Dictionary<string, PairSeconds> MeasurePairs(DataStage stage, List<TrialSpec> trials, TimeProvider time,
        List<(TrialSpec Trial, string Why)> failures)
    {
        var measured = new Dictionary<string, PairSeconds>(StringComparer.Ordinal);
        List<TrialSpec> representatives = [.. trials.DistinctBy(Pair, StringComparer.Ordinal)];
        int stride = Math.Max(1, representatives.Count / MaxPairs);
        for (int i = 0; i < representatives.Count; i += stride)
        {
            try
            {
                measured[Pair(representatives[i])] = MeasurePair(stage, representatives[i], time);
            }
            catch (TrialFailedException e)
            {
                // It will fail as quickly when it runs.
                failures.Add((representatives[i], e.Message));
                measured[Pair(representatives[i])] = new PairSeconds(0, 0, 0);
            }
        }

        return measured;
    }

    private static PairSeconds MeasurePair(DataStage stage, TrialSpec trial, TimeProvider time)
    {
        long started = time.GetTimestamp();
        PreparedData data = stage.Prepare(trial);
        double fit = time.GetElapsedTime(started).TotalSeconds;

        int samples = trial.Sampling.Samples;
        double[] latents = new PhiloxNoise(1).Initial(samples, data.Fitted.Dimensions, 1);
        var state = new ReverseState { Step = 0, Level = NoiseLevel.Clean, X = latents, X0Hat = latents, Evaluations = 1 };
        var recorder = new ReverseRecorder(data, 2, samples, device: null);
        recorder.Record(state);
        started = time.GetTimestamp();
        const int Repeats = 3;
        for (int i = 0; i < Repeats; i++)
            recorder.Record(state);
        double row = time.GetElapsedTime(started).TotalSeconds / Repeats / samples;

        SampledTrial sampled = recorder.Finish();
        started = time.GetTimestamp();
        MetricSuite.Evaluate(sampled.Subject(trial, data, TimeSpan.Zero, TimeSpan.Zero, device: null));
        return new PairSeconds(fit, row, time.GetElapsedTime(started).TotalSeconds);
    }

    /// <summary>Seconds of one dataset with one preprocessing: draw and fit, map back and score per state and row, final metrics.</summary>
    private sealed record PairSeconds(double Fit, double StateRow, double Metrics);
}
