using Sweep.Diffusion.Networks;

namespace Sweep.Diffusion.Training.Cuda;

/// <summary>A denoiser that holds a device's memory.</summary>
public interface IDeviceDenoiser : ITrainedDenoiser
{
    /// <summary>Sampling with this network that keeps all points on the device; dispose of it before the denoiser.</summary>
    /// <returns>
    /// Null where the device can't, and the processor's sampler has to ask this denoiser step by step: a sampler whose states are not affine in what it is
    /// given, a preprocessing of another make, more remembered than there is room for.
    /// </returns>
    /// <exception cref="DeviceMemoryException">The device has no memory left.</exception>
    IDeviceReverse? Reverse(DeviceReversal reversal);
}
