namespace Sweep.Diffusion.Training.Cuda;

/// <summary>A trial's reverse steps on a device. Of one thread.</summary>
public interface IDeviceReverse : IDisposable
{
    /// <summary>All states, those of <see cref="Samplers.ISampler.Sample"/> to single precision's rounding of the network. To be called once.</summary>
    /// <param name="cancellationToken">Looked at every few states.</param>
    IEnumerable<DeviceState> Run(CancellationToken cancellationToken);

    /// <summary>After the last state: the sums of the distances between its points in data space and others, and of those among its points.</summary>
    /// <param name="others">Row-major (m, d), at least one, finite.</param>
    /// <returns>Not finite where a point isn't; null where the device can't.</returns>
    /// <exception cref="InvalidOperationException">The last state has not been reached.</exception>
    /// <exception cref="DeviceMemoryException">The device has no memory left.</exception>
    (double Cross, double Own)? DistanceSums(ReadOnlySpan<double> others);
}
