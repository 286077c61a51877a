using Sweep.Diffusion.Diagnostics;
using Sweep.Diffusion.Metrics;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Samplers;
using Sweep.Diffusion.Schedules;
using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Silo.Diagnostics;

/// <summary>What <c>diagnostics.principal_components</c> measures (<see cref="PrincipalPaths"/>).</summary>
internal static class ComponentPaths
{
    /// <param name="input">The trial's model.</param>
    /// <param name="exact">The exact denoiser, for truth levels; null where there is none.</param>
    /// <param name="points">Held out: as many paths as points, up to <see cref="TrialDiagnostics.MaxPaths"/>.</param>
    /// <param name="sigmas">Ascending.</param>
    /// <param name="results">Where curves and metrics go.</param>
    /// <param name="progress">Told the share that is done.</param>
    /// <param name="cancellation">Looked at between levels.</param>
    public static void Measure(
        DiagnosticInput input, IDenoiser? exact, HeldOutPoints points, double[] sigmas, DiagnosticResults results, Action<double> progress,
        CancellationToken cancellation)
    {
        PrincipalAxes axes = PrincipalAxes.Of(input.Data.LatentPoints());
        NoiseRange range = NoiseRange.Of(input.Schedule);
        NoiseLevel first = input.Schedule.AtSigma(range.SigmaMax), last = input.Schedule.AtSigma(range.SigmaMin);
        NoiseLevel[] levels = [.. sigmas.Reverse().Select(input.Schedule.AtSigma)];
        double[] initial = new PhiloxNoise((ulong)input.Trial.Seed)
            .Initial(Math.Min(points.Latent.Count, TrialDiagnostics.MaxPaths), points.Latent.Dimensions, first.Noise);
        PrincipalPaths? truth = exact is null
            ? null : PrincipalPaths.Measure(exact, axes, input.Schedule, first, levels, initial, perturb: false, cancellation: cancellation);
        PrincipalPaths found = PrincipalPaths.Measure(input.Model, axes, input.Schedule, first, levels, initial, true, progress, cancellation);
        for (int k = 0; k < axes.Places.Count; k++)
        {
            string emerged = CurveNames.Emerged(axes.Places[k]), perturbation = CurveNames.Perturbation(axes.Places[k]);
            float[] gaussian = [.. sigmas.Select(s => (float)PrincipalPaths.OfGaussian(axes.Variances[k], s, last.Sigma))];
            results.Curves[emerged] = Ascending(found.Emerged[k]);
            results.Curves[perturbation] = Ascending(found.Perturbed[k]);
            results.Curves[emerged + CurveNames.Gaussian] = gaussian;
            results.Curves[perturbation + CurveNames.Gaussian] = gaussian;
        }

        results.Curves[CurveNames.OutOfPlane] = Ascending(found.OutOfPlane);
        results.Curves[CurveNames.OutOfPlane + CurveNames.OfOthers] = Ascending(found.OutOfOthersPlane);
        Put(DiagnosticMetrics.EmergenceOrder, p => p.Order);
        Put(DiagnosticMetrics.EmergenceSlope, p => p.Slope);

        void Put(DiagnosticMetric metric, Func<PrincipalPaths, double?> of)
        {
            double? level = truth is null ? null : of(truth);
            results.Put(metric, of(found) is { } value
                ? new MetricValue(value, level)
                : new MetricValue(null, level, "the principal components' variances are too alike, or they are there from the start"));
        }
    }

    /// <summary>A curve over sigma of values that were measured from the most noise down.</summary>
    private static float[] Ascending(double[] falling) => [.. falling.Reverse().Select(v => (float)v)];
}
