namespace Sweep.Diffusion.Training.Cuda;

/// <summary>A density in a device's memory. Of one thread.</summary>
public interface IDeviceDensity : IDisposable
{
    /// <summary>Log-densities in single precision, as <see cref="Datasets.GaussianMixture.TryLogDensity"/>; false where one is not finite.</summary>
    /// <param name="points">(n, d) row-major.</param>
    /// <param name="nats">(n).</param>
    bool TryLogDensity(ReadOnlySpan<float> points, Span<float> nats);
}
