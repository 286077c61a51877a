using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Samplers;

/// <summary>What samplers share: the checks before the first step, and levels between the grid's.</summary>
internal static class SamplerArguments
{
    public static void RequireGrid(IReadOnlyList<NoiseLevel> grid)
    {
        if (grid.Count < 2)
            throw new ArgumentException($"a grid of {grid.Count} levels; allowed: 2 or more", nameof(grid));
        for (int k = 1; k < grid.Count; k++)
        {
            if (!(grid[k].Sigma < grid[k - 1].Sigma))
                throw new ArgumentException($"levels {k - 1} and {k} have sigma {grid[k - 1].Sigma} and {grid[k].Sigma}; allowed: strictly decreasing",
                    nameof(grid));
        }
    }

    /// <summary>
    /// A level of another sigma in the same scaling: where alpha^2 + noise^2 is 1 at <paramref name="level"/> it stays 1, otherwise alpha stays as it is.
    /// </summary>
    public static NoiseLevel AtSigma(NoiseLevel level, double sigma)
    {
        // Where both scalings are as near as this, they are the same level to rounding.
        bool preserving = Math.Abs((level.Signal * level.Signal) + (level.Noise * level.Noise) - 1) < 1e-9;
        double signal = preserving ? 1 / Math.Sqrt(1 + (sigma * sigma)) : level.Signal;
        return new NoiseLevel(signal, sigma * signal);
    }
}
