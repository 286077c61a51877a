using System.Collections.Concurrent;
using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Networks;

/// <summary>
/// How a network is told the noise level: sines and cosines of c = ln(sigma) / 4 (EDM's c_noise, arXiv 2206.00364), sigma = noise / signal, with frequencies in
/// a geometric row from <see cref="LowestFrequency"/> to <see cref="HighestFrequency"/> radians per unit of c. The first half are sines. The same features
/// serve every schedule, because they depend on sigma alone.
/// </summary>
public static class TimeFeatures
{
    public const double LowestFrequency = 0.5;
    public const double HighestFrequency = 32;

    /// <summary>By how many: powers take twice as long as the sines.</summary>
    private static readonly ConcurrentDictionary<int, double[]> Rows = new();

    /// <summary>Fills the features (an even number of them) of a level whose noise is greater than 0.</summary>
    public static void Fill(NoiseLevel level, Span<float> features)
    {
        double c = Math.Log(level.Sigma) / 4;
        int half = features.Length / 2;
        double[] frequencies = Rows.GetOrAdd(half, Frequencies);
        for (int i = 0; i < half; i++)
        {
            (double sin, double cos) = Math.SinCos(frequencies[i] * c);
            features[i] = (float)sin;
            features[half + i] = (float)cos;
        }
    }

    private static double[] Frequencies(int count) =>
    [
        .. Enumerable.Range(0, count)
            .Select(i => count == 1 ? LowestFrequency : LowestFrequency * Math.Pow(HighestFrequency / LowestFrequency, i / (count - 1.0))),
    ];
}
