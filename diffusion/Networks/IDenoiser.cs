using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Networks;

/// <summary>
/// Estimates clean data from noisy data: (x, noise level) to x0-hat, x = Signal x0 + Noise epsilon. A sampler knows nothing else of a model: an exact mixture
/// score, a Gaussian approximation and a trained network are all denoisers. Not thread-safe (it may hold buffers): one per thread. Finite in, finite out,
/// unless the network diverged. At <see cref="NoiseLevel.Clean"/> it returns x.
/// </summary>
public interface IDenoiser
{
    int Dimensions { get; }

    /// <summary>Writes x0-hat of each row of <paramref name="x"/>, both row-major (n, d); the spans do not overlap.</summary>
    void Denoise(ReadOnlySpan<double> x, NoiseLevel level, Span<double> x0Hat);
}
