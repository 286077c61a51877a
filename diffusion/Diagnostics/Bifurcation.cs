using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Preprocessing;
using Sweep.Diffusion.Samplers;
using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Diagnostics;

/// <summary>
/// The noise level at which trajectories commit to a mode, by turning back: data are noised to a level, brought back by the sampler, and those that return to
/// their mode are counted (the forward-backward experiment of Sclocchi et al., arXiv 2402.16991; speciation in Biroli et al., arXiv 2402.18491). It needs a
/// sampler and known modes alone, so it serves the exact score and a network's alike.
/// </summary>
public sealed record Bifurcation
{
    /// <summary>Levels, most noise first, with the share of points that return to the mode they came from.</summary>
    public required IReadOnlyList<(NoiseLevel Level, double Returned)> Curve { get; init; }

    /// <summary>The share that would return if the end's mode were independent of the start's: the sum of the modes' squared weights.</summary>
    public required double Chance { get; init; }

    /// <summary>
    /// Sigma at which the share is midway between 1 and <see cref="Chance"/>, by interpolation in ln sigma at the crossing of least noise; null when no two
    /// levels enclose it.
    /// </summary>
    public double? Sigma
    {
        get
        {
            double midway = (1 + Chance) / 2;
            for (int i = Curve.Count - 1; i > 0; i--)
            {
                (double below, double above) = (Curve[i].Returned, Curve[i - 1].Returned);
                if (below >= midway && above < midway)
                {
                    double share = (below - midway) / (below - above);
                    return Math.Exp(Math.Log(Curve[i].Level.Sigma) + (share * Math.Log(Curve[i - 1].Level.Sigma / Curve[i].Level.Sigma)));
                }
            }

            return null;
        }
    }

    /// <param name="denoiser">The score's denoiser, in latent space.</param>
    /// <param name="sampler">Best a deterministic one, so that the answer is the score's alone.</param>
    /// <param name="grid">Levels to turn back at; the way back follows the rest of the grid.</param>
    /// <param name="data">True points in data space.</param>
    /// <param name="modes">In data space.</param>
    /// <param name="preprocessing">Between the two spaces.</param>
    /// <param name="seed">Of the noise.</param>
    public static Bifurcation Measure(
        IDenoiser denoiser, ISampler sampler, IReadOnlyList<NoiseLevel> grid, PointSet data, IModes modes, IFittedPreprocessing preprocessing, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(grid);
        var waysBack = Enumerable.Range(0, grid.Count).TakeWhile(k => grid[k].Noise > 0).Select(k => (IReadOnlyList<NoiseLevel>)[.. grid.Skip(k)]);
        return Measure(denoiser, sampler, waysBack, data, modes, preprocessing, seed);
    }

    /// <param name="denoiser">The score's denoiser, in latent space.</param>
    /// <param name="sampler">Best a deterministic one, so that the answer is the score's alone.</param>
    /// <param name="waysBack">Grids, each from a level to turn back at to no noise; the most noise first.</param>
    /// <param name="data">True points in data space.</param>
    /// <param name="modes">In data space.</param>
    /// <param name="preprocessing">Between the two spaces.</param>
    /// <param name="seed">Of the noise.</param>
    public static Bifurcation Measure(
        IDenoiser denoiser, ISampler sampler, IEnumerable<IReadOnlyList<NoiseLevel>> waysBack, PointSet data, IModes modes,
        IFittedPreprocessing preprocessing, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(sampler);
        ArgumentNullException.ThrowIfNull(waysBack);
        ArgumentNullException.ThrowIfNull(data);
        ArgumentNullException.ThrowIfNull(modes);
        ArgumentNullException.ThrowIfNull(preprocessing);
        int[] from = new int[data.Count], to = new int[data.Count];
        double[] distances = new double[data.Count], latent = new double[data.Values.Length], back = new double[data.Values.Length];
        modes.Assign(data.Values, from, distances);
        preprocessing.Forward(data.Values, latent);
        var curve = new List<(NoiseLevel Level, double Returned)>();
        foreach (IReadOnlyList<NoiseLevel> way in waysBack)
        {
            double[] noisy = NoisyPoints.At(latent, data.Dimensions, way[0], seed);
            preprocessing.Inverse(sampler.Sample(denoiser, way, noisy, new PhiloxNoise(seed)).Last().X, back);
            modes.Assign(back, to, distances);
            curve.Add((way[0], from.Zip(to, (a, b) => a == b ? 1.0 : 0).Average()));
        }

        return new Bifurcation { Curve = curve, Chance = modes.Weights.Sum(w => w * w) };
    }
}
