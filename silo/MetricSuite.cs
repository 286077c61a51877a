using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Metrics;
using Sweep.Diffusion.Training.Cuda;
using Sweep.Grains.Comparison;
using Sweep.Grains.Specs;

namespace Sweep.Silo;

/// <summary>Scores samples against the test points, every metric beside what fresh true samples score.</summary>
internal static class MetricSuite
{
    /// <summary>The sliced distance's directions are the same for every trial, so that differences between arms are not the directions'.</summary>
    private const ulong DirectionSeed = 0;

    public static MetricFloors Floors(IDataset dataset, DatasetSplit split)
    {
        double? logLikelihood = null;
        if (dataset.Density is { } density)
        {
            var nats = new double[split.Test.Count];
            density.LogDensity(split.Test.Values, nats);
            logLikelihood = MeanLogLikelihood.Of(nats).Nats;
        }

        int d = dataset.Dimensions;
        double within = EnergyDistance.WithinMean(split.Test.Values, d);
        ModeMetrics? modes = dataset.Modes is { } known ? ModeMetrics.Of(split.Floor.Values, d, known) : null;
        return new MetricFloors
        {
            LogLikelihood = logLikelihood,
            WithinTest = within,
            EnergyDistance = EnergyDistance.UnbiasedGivenWithin(split.Floor.Values, split.Test.Values, d, within),
            SlicedWasserstein2 = SlicedWasserstein.Distance(split.Floor.Values, split.Test.Values, d, DirectionSeed),
            KlEquiprobable = EquiprobableKl.For(dataset.Density)?.Of(split.Floor.Values),
            ModeCoverage = modes?.Coverage,
            ModePrecision = modes?.Precision,
        };
    }

    /// <summary>Every metric of a trial by name. A metric that has no value says why.</summary>
    public static Dictionary<string, MetricValue> Evaluate(
        TrialSpec trial, PreparedData prepared, SampledTrial sampled, TimeSpan training, TimeSpan sampling, IDeviceEvaluator? device)
    {
        DrawnData data = prepared.Drawn;
        var metrics = new Dictionary<string, MetricValue>(StringComparer.Ordinal);
        LogLikelihood(metrics, trial, data.Floors, sampled);
        Distances(metrics, data, sampled, device);
        metrics[MetricNames.RoundTripError] = Finite(prepared.RoundTripError, null, "a test point does not come back finite");
        metrics[MetricNames.DenoiserEvaluations] = new MetricValue(sampled.Evaluations);
        metrics[MetricNames.TrainSeconds] = new MetricValue(training.TotalSeconds);
        metrics[MetricNames.SampleSeconds] = new MetricValue(sampling.TotalSeconds);
        return metrics;
    }

    private static void LogLikelihood(Dictionary<string, MetricValue> metrics, TrialSpec trial, MetricFloors floors, SampledTrial sampled)
    {
        if (floors.LogLikelihood is not { } floor)
        {
            foreach (string name in new[] { MetricNames.LogLikelihood, MetricNames.StepsToThreshold, MetricNames.LogLikelihoodTotalVariation })
                metrics[name] = new MetricValue(null, null, "the dataset's density is not known");
            return;
        }

        string? broken = sampled.NonFinite > 0 ? $"{sampled.NonFinite} of {sampled.Samples.Count} samples have no finite log-density" : null;
        metrics[MetricNames.LogLikelihood] = Finite(sampled.LogLikelihood[^1], floor, broken);
        int? steps = StepsToThreshold.Of(sampled.LogLikelihood, floor, trial.ThresholdNats);
        metrics[MetricNames.StepsToThreshold] = steps is { } k ? new MetricValue(k) : new MetricValue(null, null, "never");
        metrics[MetricNames.LogLikelihoodTotalVariation] = Finite(TotalVariation.Of(sampled.LogLikelihood), null, "a step's log-likelihood is not finite");
    }

    private static void Distances(Dictionary<string, MetricValue> metrics, DrawnData data, SampledTrial sampled, IDeviceEvaluator? device)
    {
        PointSet samples = sampled.Samples;
        MetricFloors floors = data.Floors;
        int d = samples.Dimensions;
        int broken = samples.Values.Count(v => !double.IsFinite(v));
        if (broken > 0)
        {
            string reason = $"{broken} of the samples' {samples.Values.Length} coordinates are not finite";
            metrics[MetricNames.EnergyDistance] = new MetricValue(null, floors.EnergyDistance, reason);
            metrics[MetricNames.SlicedWasserstein2] = new MetricValue(null, floors.SlicedWasserstein2, reason);
            if (floors.KlEquiprobable is not null)
                metrics[MetricNames.KlEquiprobable] = new MetricValue(null, floors.KlEquiprobable, reason);
        }
        else
        {
            PointSet test = data.Split.Test;
            (double Cross, double Own)? sums = sampled.DistanceSums;
            if (sums is null && device?.DistanceSum(samples.Values, test.Values, d) is { } cross && device.DistanceSum(samples.Values, samples.Values, d) is { } own)
                sums = (cross, own);
            double energy = sums is { } taken
                ? EnergyDistance.UnbiasedOfSums(taken.Cross, taken.Own, samples.Count, test.Count, floors.WithinTest)
                : EnergyDistance.UnbiasedGivenWithin(samples.Values, test.Values, d, floors.WithinTest);
            metrics[MetricNames.EnergyDistance] = Finite(energy, floors.EnergyDistance, "overflow");
            double sliced = SlicedWasserstein.Distance(samples.Values, test.Values, d, DirectionSeed);
            metrics[MetricNames.SlicedWasserstein2] = Finite(sliced, floors.SlicedWasserstein2, "overflow");
            if (EquiprobableKl.For(data.Dataset.Density) is { } kl)
                metrics[MetricNames.KlEquiprobable] = new MetricValue(kl.Of(samples.Values), floors.KlEquiprobable);
        }

        if (data.Dataset.Modes is not { } known)
            return;
        ModeMetrics modes = ModeMetrics.Of(samples.Values, d, known);
        metrics[MetricNames.ModeCoverage] = new MetricValue(modes.Coverage, floors.ModeCoverage);
        metrics[MetricNames.ModePrecision] = new MetricValue(modes.Precision, floors.ModePrecision);
    }

    private static MetricValue Finite(double value, double? floor, string? reason) =>
        double.IsFinite(value) ? new MetricValue(value, floor) : new MetricValue(null, floor, reason ?? "not finite");
}
