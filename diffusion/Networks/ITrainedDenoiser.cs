namespace Sweep.Diffusion.Networks;

/// <summary>A trained network as a denoiser, with buffers that disposing of it frees early.</summary>
public interface ITrainedDenoiser : IDenoiser, IDisposable;
