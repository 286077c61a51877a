using System.Globalization;
using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Samplers;
using Sweep.Diffusion.Schedules;
using Sweep.Grains.Specs;

namespace Sweep.Silo.Preparation;

/// <summary>Where a trial's sampler begins: the initial noise, or its quantiles, on the trial's grid, or where teleportation carries it.</summary>
/// <param name="Grid">The levels that are the sampler's.</param>
/// <param name="Initial">Row-major (samples, d), at Grid[0].</param>
/// <param name="Note">How far teleportation went; null without it.</param>
internal sealed record SamplingStart(IReadOnlyList<NoiseLevel> Grid, double[] Initial, string? Note)
{
    /// <param name="training">The training points in latent space.</param>
    /// <exception cref="TrialFailedException">The schedule has no such grid, or teleportation leaves it.</exception>
    public static SamplingStart Of(TrialSpec trial, ISchedule schedule, PointSet training, PhiloxNoise noise, int samples)
    {
        IGrid kind = trial.Sampling.Grid is { } named ? TrialKinds.Create(GridKinds.Registry, named) : new NativeGrid();
        try
        {
            IReadOnlyList<NoiseLevel> grid = kind.Levels(schedule, trial.Sampling.Steps);
            double[] initial = trial.Sampling.Initial is "quantiles"
                ? PriorQuantiles.Of(samples, training.Dimensions, grid[0].Noise)
                : noise.Initial(samples, training.Dimensions, grid[0].Noise);
            return TeleportKinds.Of(trial.Sampling.Teleport) is { } target
                ? Teleport(target, schedule, grid, initial, training)
                : new SamplingStart(grid, initial, null);
        }
        catch (KindException e)
        {
            throw new TrialFailedException(e.Message, e);
        }
    }

    private static SamplingStart Teleport(TeleportTarget target, ISchedule schedule, IReadOnlyList<NoiseLevel> grid, double[] initial, PointSet training)
    {
        Teleported start = Teleportation.Of(training).Apply(target, schedule, grid, initial);
        if (start.Grid.Count < 2)
            throw new KindException($"teleport.skip: {target.Skip}, all of {grid.Count - 1} steps; allowed: a share that leaves at least one");

        // The share of steps means nothing without sigma_max and sigma_data.
        string note = string.Create(
            CultureInfo.InvariantCulture,
            $"teleported from sigma {grid[0].Sigma:G3} to sigma_skip {start.SigmaSkip:G3}, in place of {start.SkippedSteps} of {grid.Count - 1} "
                + $"steps{(target.Regrid ? ", which are spent on the rest" : "")}; sigma_skip / sigma_data {start.SigmaSkipOverSigmaData:G3}");
        return new SamplingStart(start.Grid, start.Initial, note);
    }
}
