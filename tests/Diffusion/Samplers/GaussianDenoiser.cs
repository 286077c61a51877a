using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Schedules;

namespace Sweep.Tests.Diffusion.Samplers;

/// <summary>The exact denoiser of data N(0, std^2 I): x0-hat = alpha std^2 / (alpha^2 std^2 + sigma^2) x.</summary>
internal sealed class GaussianDenoiser(double std, int dimensions) : IDenoiser
{
    public int Dimensions => dimensions;

    public int Calls { get; private set; }

    public void Denoise(ReadOnlySpan<double> x, NoiseLevel level, Span<double> x0Hat)
    {
        Calls++;
        double variance = std * std;
        double factor = level.Signal * variance / ((level.Signal * level.Signal * variance) + (level.Noise * level.Noise));
        for (int i = 0; i < x.Length; i++)
            x0Hat[i] = factor * x[i];
    }
}
