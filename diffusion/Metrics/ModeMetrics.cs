using MathNet.Numerics.Distributions;
using Sweep.Diffusion.Datasets;

namespace Sweep.Diffusion.Metrics;

/// <summary>
/// How samples fall onto known modes. A sample is <em>on</em> its nearest mode when its Mahalanobis distance is within the radius that holds as much of a
/// d-dimensional Gaussian as three standard deviations hold of a one-dimensional one: 0.9973.
/// <para><see cref="Precision"/> is the share of samples on a mode; true samples score 0.9973 in any dimension (a little more where modes overlap).</para>
/// <para><see cref="Coverage"/> is the share of modes covered. With n samples and a mode of weight w, lambda = 0.9973 n w are expected on it; it is covered
/// when it holds at least max(1, min(lambda / 2, lambda - 4 sqrt(lambda))): half its share, or less where so few are expected that half could be missed by
/// chance. True samples cover a mode but for a chance below 1e-4 when lambda is at least 16. Where modes are so many that lambda is a handful, or overlap so
/// that a sample may lie nearer to a neighbour than to its own, true samples cover less than all: read coverage beside its truth level, that of a second true
/// set.</para>
/// </summary>
/// <param name="Coverage">In [0, 1], larger is better.</param>
/// <param name="Precision">In [0, 1], larger is better. A sample that is not finite is on no mode.</param>
public readonly record struct ModeMetrics(double Coverage, double Precision)
{
    /// <summary>P(|N(0, 1)| &lt; 3).</summary>
    public const double Mass = 0.99730020393673979;

    /// <param name="samples">(n, d) row-major, n at least 1.</param>
    /// <param name="dimensions">d.</param>
    /// <param name="modes">The dataset's modes.</param>
    public static ModeMetrics Of(ReadOnlySpan<double> samples, int dimensions, IModes modes)
    {
        int n = MetricRows.Count(samples, dimensions, 1, nameof(samples));
        int[] mode = new int[n], counts = new int[modes.Weights.Count];
        double[] distance = new double[n];
        modes.Assign(samples, mode, distance);
        double radius = Radius(dimensions);
        int on = 0;
        for (int i = 0; i < n; i++)
        {
            // False for NaN.
            if (distance[i] <= radius)
            {
                on++;
                counts[mode[i]]++;
            }
        }

        int covered = 0;
        for (int k = 0; k < counts.Length; k++)
        {
            if (counts[k] >= Required(modes.Weights[k], n))
                covered++;
        }

        return new ModeMetrics((double)covered / counts.Length, (double)on / n);
    }

    /// <summary>The Mahalanobis distance within which a d-dimensional Gaussian has <see cref="Mass"/>; 3 for d = 1.</summary>
    public static double Radius(int dimensions) => Math.Sqrt(ChiSquared.InvCDF(dimensions, Mass));

    private static double Required(double weight, int samples)
    {
        double expected = Mass * samples * weight;
        return Math.Max(1, Math.Min(expected / 2, expected - (4 * Math.Sqrt(expected))));
    }
}
