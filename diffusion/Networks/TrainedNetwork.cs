using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Training;

namespace Sweep.Diffusion.Networks;

/// <summary>A trained network with all that using it takes. Immutable, provided nobody writes to <see cref="Weights"/>.</summary>
public sealed record TrainedNetwork
{
    public required NetworkShape Shape { get; init; }

    /// <summary>The network, for denoisers with kernels of their own.</summary>
    /// <exception cref="InvalidOperationException">It is none of theirs.</exception>
    internal MlpShape Mlp => Shape is MlpShape { IsFused: true } mlp
        ? mlp
        : throw new InvalidOperationException($"network: {Shape.Kind} of width {Shape.Width}; allowed here: {NetworkKinds.Mlp} up to width {MlpShape.FusedWidth}");

    public required Parametrisation Parametrisation { get; init; }

    /// <summary>The training data's root mean square.</summary>
    public required double SigmaData { get; init; }

    /// <summary>In the order of <see cref="NetworkShape.Blocks"/>.</summary>
    public required float[] Weights { get; init; }

    /// <summary>The training loss curve; empty when loaded from a file.</summary>
    public IReadOnlyList<LossPoint> Losses { get; init; } = [];

    /// <summary>A denoiser with buffers of its own: one per thread. Our own kernels where they know the network, else libtorch.</summary>
    /// <param name="torchDevice">Where libtorch computes.</param>
    /// <exception cref="InvalidOperationException">The network needs TorchSharp, which this build doesn't have.</exception>
    public ITrainedDenoiser CreateDenoiser(string torchDevice = "torch:cpu") =>
        Shape.IsFused ? new MlpDenoiser(this, VectorPaths.Best)
        : TorchRuntime.Missing is { } missing ? throw new InvalidOperationException($"network {Shape.Kind} of width {Shape.Width}: {missing}")
        : TorchRuntime.Engine.CreateDenoiser(this, torchDevice);
}
