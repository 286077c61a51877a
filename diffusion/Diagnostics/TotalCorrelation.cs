using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Preprocessing;

namespace Sweep.Diffusion.Diagnostics;

/// <summary>
/// The dependence that a preprocessing leaves between coordinates: the total correlation of its latents z, sum of H(z_j) - H(z), with H(z) = H(x) + E log|det
/// J| and H(x) = -E log p(x) of the true density (Chen and Gopinath, "Gaussianization", NIPS 2000: each layer takes the marginals' negentropy away, and what is
/// left is what later layers have to work on). 0 where coordinates are independent.
/// </summary>
public static class TotalCorrelation
{
    /// <param name="density">Of the points.</param>
    /// <param name="points">True points in data space that the map was not fitted to, at least 16.</param>
    /// <param name="fitted">The map.</param>
    /// <returns>Nats; a little below 0 at times, as entropies are estimated.</returns>
    public static double Of(IDensity density, PointSet points, IFittedPreprocessing fitted)
    {
        ArgumentNullException.ThrowIfNull(density);
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(fitted);
        int d = points.Dimensions, n = points.Count;
        double[] latent = new double[n * d], nats = new double[n], determinants = new double[n], column = new double[n];
        fitted.Forward(points.Values, latent);
        density.LogDensity(points.Values, nats);
        fitted.LogAbsDeterminant(points.Values, determinants);
        double total = nats.Average() - determinants.Average();
        for (int j = 0; j < d; j++)
        {
            for (int i = 0; i < n; i++)
                column[i] = latent[(i * d) + j];
            Array.Sort(column);
            total += Entropy(column);
        }

        return total;
    }

    /// <summary>
    /// The entropy of one variable from the spacings of m = sqrt(n) neighbours, Ebrahimi, Pflughoeft and Soofi's (1994) correction of Vasicek's estimate. Of
    /// 4096 normal points it errs by 0.01 nats, root mean square.
    /// </summary>
    /// <param name="sorted">Increasing; ties make it negative infinity.</param>
    public static double Entropy(ReadOnlySpan<double> sorted)
    {
        int n = sorted.Length, m = (int)Math.Sqrt(n);
        if (n < 16)
            throw new ArgumentException($"{n} points; allowed: at least 16", nameof(sorted));
        double sum = 0;
        for (int i = 0; i < n; i++)
        {
            double weight = i < m ? 1 + ((double)i / m) : i >= n - m ? 1 + ((double)(n - 1 - i) / m) : 2;
            double spacing = sorted[Math.Min(n - 1, i + m)] - sorted[Math.Max(0, i - m)];
            sum += Math.Log(n / (weight * m) * spacing);
        }

        return sum / n;
    }
}
