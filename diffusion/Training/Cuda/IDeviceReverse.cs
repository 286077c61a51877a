namespace Sweep.Diffusion.Training.Cuda;

/// <summary>A trial's reverse steps on a device. Of one thread.</summary>
public interface IDeviceReverse : IDisposable
{
    /// <summary>All states, those of <see cref="Samplers.ISampler.Sample"/> to single precision's rounding of the network. To be called once.</summary>
    /// <param name="cancellationToken">Looked at every few states.</param>
    IEnumerable<DeviceState> Run(CancellationToken cancellationToken);
}
