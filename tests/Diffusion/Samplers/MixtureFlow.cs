using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Schedules;

namespace Sweep.Tests.Diffusion.Samplers;

/// <summary>
/// A one-dimensional Gaussian mixture: its exact denoiser (Tweedie's formula) and its exact probability flow, which keeps every point's quantile.
/// </summary>
internal sealed class MixtureFlow(double[] weights, double[] means, double[] stds) : IDenoiser
{
    private readonly GaussianMixture _mixture = GaussianMixture.Isotropic(weights, means, stds);
    private readonly double _total = weights.Sum();

    public int Dimensions => 1;

    public void Denoise(ReadOnlySpan<double> x, NoiseLevel level, Span<double> x0Hat)
    {
        if (level.Noise == 0)
        {
            x.CopyTo(x0Hat);
            return;
        }

        _mixture.Noised(level).Score(x, x0Hat);
        for (int i = 0; i < x.Length; i++)
            x0Hat[i] = (x[i] + (level.Noise * level.Noise * x0Hat[i])) / level.Signal;
    }

    /// <summary>Where the flow takes x / alpha from one sigma to a lesser one.</summary>
    public double Flow(double y, double fromSigma, double toSigma)
    {
        // The tail that is the smaller keeps its digits.
        bool upper = Cumulative(y, fromSigma, upper: false) > 0.5;
        double target = Cumulative(y, fromSigma, upper);
        double low = -50;
        double high = 50;
        for (int i = 0; i < 100; i++)
        {
            double middle = 0.5 * (low + high);
            if ((Cumulative(middle, toSigma, upper) > target) == upper)
                low = middle;
            else
                high = middle;
        }

        return 0.5 * (low + high);
    }

    private double Cumulative(double y, double sigma, bool upper)
    {
        double sum = 0;
        for (int k = 0; k < weights.Length; k++)
        {
            double z = (y - means[k]) / Math.Sqrt((stds[k] * stds[k]) + (sigma * sigma));
            sum += weights[k] / _total * StandardNormal.Cdf(upper ? -z : z);
        }

        return sum;
    }
}
