using Sweep.Diffusion.Preprocessing;
using Sweep.Diffusion.Samplers;
using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Training.Cuda;

/// <summary>What a device is to sample.</summary>
public sealed record DeviceReversal
{
    /// <summary>After <see cref="ISampler.Prepare"/>.</summary>
    public required ISampler Sampler { get; init; }

    public required IReadOnlyList<NoiseLevel> Grid { get; init; }

    /// <summary>Row-major (n, d): the starting points at Grid[0].</summary>
    public required double[] Initial { get; init; }

    /// <summary>Of the noise that the sampler adds: <see cref="PhiloxNoise"/>.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The way back to data space.</summary>
    public required IFittedPreprocessing Fitted { get; init; }

    /// <summary>Whose mean log-density each state is to have, on the same device; null: none.</summary>
    public IDeviceDensity? Density { get; init; }
}
