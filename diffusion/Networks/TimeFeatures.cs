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

    /// <summary>Fills the features (an even number of them) of a level whose noise is greater than 0.</summary>
    public static void Fill(NoiseLevel level, Span<float> features)
    {
        double c = Math.Log(level.Sigma) / 4;
        int half = features.Length / 2;
        for (int i = 0; i < half; i++)
        {
            double frequency = half == 1 ? LowestFrequency : LowestFrequency * Math.Pow(HighestFrequency / LowestFrequency, i / (half - 1.0));
            (double sin, double cos) = Math.SinCos(frequency * c);
            features[i] = (float)sin;
            features[half + i] = (float)cos;
        }
    }
}
