using System.Globalization;
using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Diagnostics;
using Sweep.Diffusion.Metrics;
using Sweep.Diffusion.Networks.Reference;
using Sweep.Diffusion.Numerics;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Silo.Diagnostics;

/// <summary>
/// The negative log-likelihood that a model's probability flow gives to test points (<see cref="FlowLikelihood"/>), in data space: the preprocessing's log|det
/// J| is in it, so arms with different preprocessings compare.
/// </summary>
internal static class HeldOutLikelihood
{
    /// <summary>Points at most: their mean has a standard error of about 0.03 nats a coordinate, and the flow is solved in seconds.</summary>
    public const int MaxPoints = 1024;

    /// <summary>Evaluations of the flow's slope at a point, about: some 60 steps of seven stages.</summary>
    private const double Slopes = 420;

    private const string NoDensity = "points alone, a delta mixture, have no density";

    private static readonly FlowLikelihoodOptions Options = new();

    /// <summary>Rows that are denoised for a trial, about: an adaptive solver takes what it needs.</summary>
    public static double Rows(TrialSpec trial, int dimensions)
    {
        if (!HasDensity(trial))
            return 0;
        int directions = dimensions <= Options.ExactUpToDimensions ? dimensions : Options.Probes;
        return Math.Min(MaxPoints, trial.Sampling.Samples) * Slopes * ((2 * directions) + 1);
    }

    /// <param name="input">The trial's model.</param>
    /// <param name="results">Where metrics and notes go.</param>
    /// <param name="cancellation">Looked at before every step of the solver.</param>
    public static void Measure(DiagnosticInput input, DiagnosticResults results, CancellationToken cancellation)
    {
        PointSet all = input.Data.Drawn.Split.Test;
        int d = all.Dimensions;
        PointSet points = all.Count <= MaxPoints ? all : new PointSet(all.Values[..(MaxPoints * d)], d);
        double? truthLevel = TruthLevel(input.Data.Drawn.Dataset.Density, points);
        MetricValue nats, bits;
        if (!HasDensity(input.Trial))
        {
            results.Put(DiagnosticMetrics.NegativeLogLikelihood, new MetricValue(null, truthLevel, NoDensity));
            results.Put(DiagnosticMetrics.BitsPerDimension, new MetricValue(null, truthLevel / PerBit(d), NoDensity));
            return;
        }

        try
        {
            FlowLikelihoodResult found = new FlowLikelihood(input.Model, input.Schedule, Options)
                .Evaluate(points, input.Data.Fitted, (ulong)input.Trial.Seed, cancellation);
            nats = Value(found.MeanNats, truthLevel);
            bits = Value(found.BitsPerDimension, truthLevel / PerBit(d));
            if (d > Options.ExactUpToDimensions)
                results.Notes.Add(Note(found, points.Count));
        }
        catch (OdeException e)
        {
            nats = new MetricValue(null, truthLevel, e.Message);
            bits = new MetricValue(null, truthLevel / PerBit(d), e.Message);
        }

        results.Put(DiagnosticMetrics.NegativeLogLikelihood, nats);
        results.Put(DiagnosticMetrics.BitsPerDimension, bits);
    }

    /// <summary>False for points alone: their flow jumps from one to the next, which no solver follows in time.</summary>
    private static bool HasDensity(TrialSpec trial) => trial.Network.Kind is not ReferenceKinds.Delta;

    private static double PerBit(int dimensions) => dimensions * Math.Log(2);

    /// <summary>What the true density gives to the same points; null where it isn't known.</summary>
    private static double? TruthLevel(IDensity? density, PointSet points)
    {
        if (density is null)
            return null;
        var nats = new double[points.Count];
        density.LogDensity(points.Values, nats);
        return -nats.Average();
    }

    private static MetricValue Value(double value, double? truthLevel) =>
        double.IsFinite(value) ? new MetricValue(value, truthLevel) : new MetricValue(null, truthLevel, "a point's likelihood is not finite");

    private static string Note(FlowLikelihoodResult found, int points) => string.Create(
        CultureInfo.InvariantCulture,
        $"negative_log_likelihood: divergence along {Options.Probes} random directions a point (Hutchinson); standard error "
            + $"{found.DivergenceStandardErrorNats:G2} nats from them, {found.StandardErrorNats:G2} with that of {points} points");
}
