using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Numerics;

namespace Sweep.Diffusion.Training;

/// <summary>Trained networks as denoisers: our own kernels where they know the network, else libtorch.</summary>
public static class TrainedDenoisers
{
    /// <summary>A denoiser with buffers of its own: one per thread.</summary>
    /// <param name="network">Of any kind.</param>
    /// <param name="torchDevice">Where libtorch computes.</param>
    /// <exception cref="InvalidOperationException">The network needs libtorch, which can't be loaded here.</exception>
    public static ITrainedDenoiser CreateDenoiser(this TrainedNetwork network, string torchDevice = "torch:cpu")
    {
        ArgumentNullException.ThrowIfNull(network);
        return network.Shape.IsFused ? new MlpDenoiser(network, VectorPaths.Best)
            : TorchRuntime.Missing is { } missing
                ? throw new InvalidOperationException($"network {network.Shape.Kind} of width {network.Shape.Width}: {missing}")
            : TorchRuntime.Engine.CreateDenoiser(network, torchDevice);
    }
}
