using System.Numerics;
using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Diagnostics;

/// <summary>
/// The noise level at which the empirical score, that of the training points themselves, begins to draw paths to single points (the collapse of Biroli et al.,
/// arXiv 2402.18491): a training point is noised to sigma, and the weight that the points' posterior gives it is averaged; at collapse it passes one half.
/// In many dimensions that is where the points' number no longer suffices to fill the noisy density, whose excess entropy over the noise's own is then ln n:
/// I(x0; x) = ln n with I the information that a noisy point has of its clean one, both of the true density (there in terms of the excess entropy per
/// dimension). It is a property of data and their number alone; a network that is trained collapses later, if at all.
/// </summary>
/// <param name="Sigmas">Ascending.</param>
/// <param name="Weights">The mean posterior weight of the point that was noised, for each.</param>
public sealed record Collapse(IReadOnlyList<double> Sigmas, IReadOnlyList<double> Weights)
{
    /// <summary>Points that are noised at most: a weight between 0 and 1 is then known to 0.02.</summary>
    public const int MaxSources = 512;

    private const int Halvings = 40;

    /// <summary>The sigma at which the weight passes one half, by interpolation in ln sigma; null when no two levels enclose it.</summary>
    public double? Sigma
    {
        get
        {
            for (int i = 1; i < Sigmas.Count; i++)
            {
                if (Weights[i - 1] >= 0.5 && Weights[i] < 0.5)
                {
                    double share = (Weights[i - 1] - 0.5) / (Weights[i - 1] - Weights[i]);
                    return Sigmas[i - 1] * Math.Pow(Sigmas[i] / Sigmas[i - 1], share);
                }
            }

            return null;
        }
    }

    /// <param name="training">The points, in latent space; at least one.</param>
    /// <param name="sigmas">Ascending, above 0.</param>
    /// <param name="seed">Of the noise, which is the same at every level.</param>
    public static Collapse Measure(PointSet training, IReadOnlyList<double> sigmas, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(sigmas);
        return new Collapse([.. sigmas], [.. sigmas.Select(s => Weight(training, s, seed))]);
    }

    /// <summary>The sigma at which I(x0; x) = ln n: where theory has the collapse of n points of a density.</summary>
    /// <param name="density">Of clean points.</param>
    /// <param name="points">Of that density, independent of the n; at least one.</param>
    /// <param name="n">The number of training points, at least 2.</param>
    /// <param name="seed">Of the noise.</param>
    /// <returns>To rounding, for these points and their noise; null where the density's diffused form can't be written down.</returns>
    public static double? Theory(INoisableDensity density, PointSet points, int n, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(density);
        ArgumentNullException.ThrowIfNull(points);
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 2);
        double scale = Math.Sqrt(points.Values.Sum(v => v * v) / points.Values.Length), low = Math.Log(1e-6 * scale), high = Math.Log(1e6 * scale);
        for (int i = 0; i < Halvings; i++)
        {
            double middle = (low + high) / 2;
            if (Information(density, points, Math.Exp(middle), seed) is not { } nats)
                return null;
            if (nats > Math.Log(n))
                low = middle;
            else
                high = middle;
        }

        return Math.Exp((low + high) / 2);
    }

    /// <summary>I(x0; x0 + sigma epsilon), nats: the mean of ln p(x | x0) - ln p(x).</summary>
    internal static double? Information(INoisableDensity density, PointSet points, double sigma, ulong seed)
    {
        var level = new NoiseLevel(1, sigma);
        if (density.Noised(level) is not { } noised)
            return null;
        int d = points.Dimensions;
        double[] noisy = NoisyPoints.At(points.Values, d, level, seed), nats = new double[points.Count];
        noised.LogDensity(noisy, nats);
        double squares = 0;
        for (int i = 0; i < noisy.Length; i++)
            squares += (noisy[i] - points.Values[i]) * (noisy[i] - points.Values[i]);
        return -(squares / (2 * sigma * sigma * points.Count)) - (d / 2.0 * Math.Log(2 * Math.PI * sigma * sigma)) - nats.Average();
    }

    private static double Weight(PointSet training, double sigma, ulong seed)
    {
        int d = training.Dimensions, sources = Math.Min(MaxSources, training.Count);
        double[] noisy = NoisyPoints.At(training.Values.AsSpan(0, sources * d), d, new NoiseLevel(1, sigma), seed);
        var rate = new Vector<double>(0.5 / (sigma * sigma));
        Vector<double>[] x = new Vector<double>[d], own = new Vector<double>[d];
        double sum = 0;
        for (int first = 0; first < sources; first += PointLanes.Width)
        {
            PointLanes.Load(noisy, d, first, x);
            PointLanes.Load(training.Values, d, first, own);
            Vector<double> nearest = Vector<double>.Zero, total = Vector<double>.Zero;
            for (int j = 0; j < d; j++)
                nearest += (x[j] - own[j]) * (x[j] - own[j]);

            // 1 / sum exp(own - other): no point is nearer than its own noise, so nothing overflows below some 1400 dimensions.
            for (int point = 0; point < training.Count; point++)
            {
                Vector<double> squares = Vector<double>.Zero;
                for (int j = 0; j < d; j++)
                {
                    Vector<double> difference = x[j] - new Vector<double>(training.Values[(point * d) + j]);
                    squares += difference * difference;
                }

                total += Vector.Exp((nearest - squares) * rate);
            }

            for (int lane = 0; lane < Math.Min(PointLanes.Width, sources - first); lane++)
                sum += 1 / total[lane];
        }

        return sum / sources;
    }
}
