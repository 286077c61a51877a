using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Samplers;

/// <summary>What every sampler checks before its first step.</summary>
internal static class SamplerArguments
{
    public static void RequireGrid(IReadOnlyList<NoiseLevel> grid)
    {
        if (grid.Count < 2)
            throw new ArgumentException($"a grid of {grid.Count} levels; allowed: 2 or more", nameof(grid));
        for (int k = 1; k < grid.Count; k++)
        {
            if (!(grid[k].Sigma < grid[k - 1].Sigma))
                throw new ArgumentException($"levels {k - 1} and {k} have sigma {grid[k - 1].Sigma} and {grid[k].Sigma}; allowed: strictly decreasing", nameof(grid));
        }
    }
}
