using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Samplers;
using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Diagnostics;

/// <summary>
/// How much of a model's way from noise a reference predicts (the trajectory prediction of Wang and Vastola, arXiv 2412.09726): both follow the probability
/// flow from the same noise, and at each level the share is <c>1 - E|x - y|^2 / E|x - E x|^2</c>, x the model's state and y the reference's. 1 while the
/// paths agree; a Gaussian's path is known in closed form (<see cref="Teleportation"/>), any other is followed like the model's.
/// </summary>
public static class ExplainedPath
{
    /// <summary>Heun's steps from one level to the next.</summary>
    private const int StepsBetween = 8;

    /// <summary>
    /// The levels that are gone through: from the first to the last of <paramref name="levels"/>, equally spaced in ln sigma between neighbours, and through
    /// each of them.
    /// </summary>
    /// <param name="schedule">Gives levels their scaling.</param>
    /// <param name="first">Where paths begin; more noise than any of the levels.</param>
    /// <param name="levels">Descending.</param>
    /// <returns>The grid, and the index in it of every level.</returns>
    public static (IReadOnlyList<NoiseLevel> Grid, int[] At) Through(ISchedule schedule, NoiseLevel first, IReadOnlyList<NoiseLevel> levels)
    {
        ArgumentNullException.ThrowIfNull(schedule);
        ArgumentNullException.ThrowIfNull(levels);
        var grid = new List<NoiseLevel> { first };
        int[] at = new int[levels.Count];
        for (int i = 0; i < levels.Count; i++)
        {
            double from = grid[^1].Sigma, to = levels[i].Sigma;
            if (to > from)
                throw new ArgumentException($"sigma {to} after {from}; allowed: descending levels", nameof(levels));

            // Where a path begins it is as it begins.
            if (to < from)
            {
                for (int k = 1; k < StepsBetween; k++)
                    grid.Add(schedule.AtSigma(from * Math.Pow(to / from, (double)k / StepsBetween)));
                grid.Add(levels[i]);
            }

            at[i] = grid.Count - 1;
        }

        return (grid, at);
    }

    /// <summary>A denoiser's states (row-major, (n, d)) at some levels of a grid, by Heun's method.</summary>
    /// <param name="denoiser">Of the grid's space.</param>
    /// <param name="grid">Descending.</param>
    /// <param name="at">Indices into it, ascending.</param>
    /// <param name="initial">Row-major (n, d), at grid[0]; not changed.</param>
    public static double[][] Follow(IDenoiser denoiser, IReadOnlyList<NoiseLevel> grid, int[] at, double[] initial)
    {
        ArgumentNullException.ThrowIfNull(at);
        var states = new double[at.Length][];
        int step = 0;
        foreach (ReverseState state in new Heun().Sample(denoiser, grid, initial, new PhiloxNoise(0)))
        {
            for (int i = 0; i < at.Length; i++)
            {
                if (at[i] == step)
                    states[i] = [.. state.X];
            }

            step++;
        }

        return states;
    }

    /// <summary>The share of the model's state that the reference's explains. NaN where the model's doesn't vary.</summary>
    /// <param name="model">Row-major (n, d).</param>
    /// <param name="reference">Row-major (n, d), from the same noise.</param>
    /// <param name="dimensions">d.</param>
    public static double Share(ReadOnlySpan<double> model, ReadOnlySpan<double> reference, int dimensions) =>
        ExplainedShare.Share(model, reference, dimensions);
}
