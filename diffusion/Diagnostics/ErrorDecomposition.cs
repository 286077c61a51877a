using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Samplers;
using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Diagnostics;

/// <summary>
/// Where a sampler's error comes from. Four runs, each a change of one thing: (1) exact score, fine grid, from data with noise; (2) the same from pure noise;
/// (3) the learned score; (4) the grid asked for. (2) against (1) is the initialisation error, (3) against (2) the score error, (4) against (3) the
/// discretisation error. All runs share the noise, so with a deterministic sampler they can be compared path by path.
/// </summary>
public sealed record ErrorDecomposition
{
    /// <summary>Distance from the truth of runs 1 to 4.</summary>
    public required IReadOnlyList<double> Distances { get; init; }

    /// <summary>Root mean square distance between a path's ends in runs 1 and 2, per point, in the latent unit.</summary>
    public required double InitialisationPathError { get; init; }

    /// <summary>The same for runs 2 and 3.</summary>
    public required double ScorePathError { get; init; }

    /// <summary>The same for runs 3 and 4.</summary>
    public required double DiscretisationPathError { get; init; }

    /// <summary>What starting from pure noise adds to the distance; may be negative, as distances have sampling error.</summary>
    public double Initialisation => Distances[1] - Distances[0];

    /// <summary>What the learned score adds.</summary>
    public double Score => Distances[2] - Distances[1];

    /// <summary>What the grid adds. The three add up to the distance of run 4 less that of run 1.</summary>
    public double Discretisation => Distances[3] - Distances[2];

    /// <param name="exact">The exact denoiser.</param>
    /// <param name="learned">The model.</param>
    /// <param name="sampler">A deterministic sampler: path errors mean nothing with another.</param>
    /// <param name="grid">The grid asked for.</param>
    /// <param name="fineGrid">One so fine that its error doesn't matter, from the same first level.</param>
    /// <param name="clean">True latent points, from which run 1 starts; as many paths.</param>
    /// <param name="distance">The distance of an end state, row-major (n, d) in latent space, from the truth.</param>
    /// <param name="seed">Of the starting noise.</param>
    public static ErrorDecomposition Measure(
        IDenoiser exact,
        IDenoiser learned,
        ISampler sampler,
        IReadOnlyList<NoiseLevel> grid,
        IReadOnlyList<NoiseLevel> fineGrid,
        PointSet clean,
        Func<double[], double> distance,
        ulong seed)
    {
        ArgumentNullException.ThrowIfNull(sampler);
        if (grid[0] != fineGrid[0])
            throw new ArgumentException($"the fine grid's first level: {fineGrid[0]}; allowed: {grid[0]}, the grid's", nameof(fineGrid));
        double[] pure = new PhiloxNoise(seed).Initial(clean.Count, clean.Dimensions, grid[0].Noise);
        return Measure(exact, learned, sampler, fineGrid, pure, () => Run(sampler, learned, grid, pure), clean, distance);
    }

    /// <param name="exact">The exact denoiser.</param>
    /// <param name="learned">The model.</param>
    /// <param name="fine">The sampler of runs 1 to 3, deterministic and of a high order: they follow the probability flow.</param>
    /// <param name="fineGrid">So fine that its error doesn't matter.</param>
    /// <param name="pure">Noise of the fine grid's first level, row-major (n, d), from which runs 2 to 4 start.</param>
    /// <param name="asked">Run 4: where that noise ends, row-major (n, d), with the sampler, the grid and the start asked for.</param>
    /// <param name="clean">True latent points, from which run 1 starts; as many paths.</param>
    /// <param name="distance">The distance of an end state, row-major (n, d) in latent space, from the truth.</param>
    public static ErrorDecomposition Measure(
        IDenoiser exact,
        IDenoiser learned,
        ISampler fine,
        IReadOnlyList<NoiseLevel> fineGrid,
        double[] pure,
        Func<double[]> asked,
        PointSet clean,
        Func<double[], double> distance)
    {
        ArgumentNullException.ThrowIfNull(fine);
        ArgumentNullException.ThrowIfNull(asked);
        ArgumentNullException.ThrowIfNull(clean);
        ArgumentNullException.ThrowIfNull(distance);
        double[] noisy = [.. pure.Zip(clean.Values, (e, x0) => e + (fineGrid[0].Signal * x0))];
        double[][] ends = [Run(fine, exact, fineGrid, noisy), Run(fine, exact, fineGrid, pure), Run(fine, learned, fineGrid, pure), asked()];
        return new ErrorDecomposition
        {
            Distances = [.. ends.Select(distance)],
            InitialisationPathError = PathError(ends[0], ends[1]),
            ScorePathError = PathError(ends[1], ends[2]),
            DiscretisationPathError = PathError(ends[2], ends[3]),
        };

        double PathError(double[] a, double[] b) => Math.Sqrt(a.Zip(b, (v, w) => (v - w) * (v - w)).Sum() / clean.Count);
    }

    private static double[] Run(ISampler sampler, IDenoiser denoiser, IReadOnlyList<NoiseLevel> levels, double[] initial) =>
        (double[])sampler.Sample(denoiser, levels, initial, new PhiloxNoise(0)).Last().X.Clone();
}
