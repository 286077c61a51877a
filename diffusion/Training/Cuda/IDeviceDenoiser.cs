using Sweep.Diffusion.Networks;

namespace Sweep.Diffusion.Training.Cuda;

/// <summary>A denoiser that holds a device's memory.</summary>
public interface IDeviceDenoiser : ITrainedDenoiser;
