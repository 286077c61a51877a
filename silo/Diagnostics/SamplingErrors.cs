using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Diagnostics;
using Sweep.Diffusion.Metrics;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Samplers;
using Sweep.Diffusion.Schedules;
using Sweep.Grains.Specs;
using Sweep.Silo.Preparation;

namespace Sweep.Silo.Diagnostics;

/// <summary>
/// A trial's error decomposition: its distances are energy distances in data space from test points, its paths are in latent space. Runs 1 to 3 follow the
/// probability flow with Heun on a fine grid from the trial's first level; run 4 is the trial's sampler (its <see cref="ISampler.Twin"/> where it adds noise),
/// grid, start and teleportation.
/// </summary>
internal static class SamplingErrors
{
    /// <returns>The errors, and the sampler that was used in place of the trial's own, if any.</returns>
    public static (ErrorDecomposition Errors, string? InPlace) Measure(
        DiagnosticInput input, IDenoiser exact, PointSet clean, int fineSteps, CancellationToken cancellation)
    {
        TrialSpec trial = input.Trial;
        ISampler own = TrialKinds.Create(SamplerKinds.Registry, trial.Sampling.Sampler);
        ISampler sampler = own.Twin?.Sampler ?? own;
        PointSet training = input.Data.LatentPoints();
        var noise = new PhiloxNoise((ulong)trial.Seed);
        TrialSpec untouched = trial with { Sampling = trial.Sampling with { Teleport = null } };
        SamplingStart from = SamplingStart.Of(untouched, input.Schedule, training, noise, clean.Count);
        IReadOnlyList<NoiseLevel> fine = FlowGrid.Down(input.Schedule, from.Grid[0], fineSteps);
        PointSet test = HeldOutPoints.First(input.Data.Drawn.Split.Test);
        double within = EnergyDistance.WithinMean(test.Values, test.Dimensions);
        double[] back = new double[clean.Values.Length];
        return (ErrorDecomposition.Measure(exact, input.Model, new Heun(), fine, from.Initial, Asked, clean, Distance), own.Twin?.Name);

        double[] Asked()
        {
            SamplingStart start = SamplingStart.Of(trial, input.Schedule, training, noise, clean.Count);
            ISampler prepared =
                sampler.Prepare(new SamplerPreparation { Denoiser = input.Model, Grid = start.Grid, Training = training, Seed = (ulong)trial.Seed });
            return (double[])prepared.Sample(input.Model, start.Grid, start.Initial, noise).Last().X.Clone();
        }

        double Distance(double[] ends)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!Array.TrueForAll(ends, double.IsFinite))
                return double.NaN;
            input.Data.Fitted.Inverse(ends, back);
            return Array.TrueForAll(back, double.IsFinite) ? EnergyDistance.UnbiasedGivenWithin(back, test.Values, test.Dimensions, within) : double.NaN;
        }
    }
}
