using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Training;

namespace Sweep.Diffusion.Networks;

/// <summary>A trained network with all that using it takes. Immutable, provided nobody writes to <see cref="Weights"/>.</summary>
public sealed record TrainedNetwork
{
    public required MlpShape Shape { get; init; }

    public required Parametrisation Parametrisation { get; init; }

    /// <summary>The training data's root mean square.</summary>
    public required double SigmaData { get; init; }

    /// <summary>In <see cref="MlpLayout"/> order.</summary>
    public required float[] Weights { get; init; }

    /// <summary>The training loss curve; empty when loaded from a file.</summary>
    public IReadOnlyList<LossPoint> Losses { get; init; } = [];

    /// <summary>A denoiser with buffers of its own: one per thread. Dispose of it to free them early.</summary>
    public MlpDenoiser CreateDenoiser() => new(this, VectorPaths.Best);
}
