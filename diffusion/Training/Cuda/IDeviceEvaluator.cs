using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Networks;

namespace Sweep.Diffusion.Training.Cuda;

/// <summary>
/// What a device does for a trial beside training. All answers are the processor's to single precision's rounding, and don't depend on what else the device
/// does. Thread-safe; what it makes is for one thread each and is the caller's to dispose of.
/// </summary>
public interface IDeviceEvaluator
{
    /// <summary>A trained network as a denoiser.</summary>
    /// <exception cref="DeviceMemoryException">The device has no memory left.</exception>
    IDeviceDenoiser CreateDenoiser(TrainedNetwork network);

    /// <summary>A density in single precision, for means over many points; null where the device has none for it.</summary>
    /// <exception cref="DeviceMemoryException">The device has no memory left.</exception>
    IDeviceDensity? CreateDensity(IDensity density);

    /// <summary>
    /// The sum of the distances between all rows of <paramref name="a"/> and all of <paramref name="b"/>, both (n, d) row-major and finite; null where the
    /// device can't.
    /// </summary>
    /// <exception cref="DeviceMemoryException">The device has no memory left.</exception>
    double? DistanceSum(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int dimensions);
}
