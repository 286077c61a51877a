using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Networks;
using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Samplers;

/// <summary>What a sampler may look at before it samples.</summary>
public sealed record SamplerPreparation
{
    /// <summary>The model that will be sampled.</summary>
    public required IDenoiser Denoiser { get; init; }

    /// <summary>The levels that it will be sampled on; a part of them may be left out later.</summary>
    public required IReadOnlyList<NoiseLevel> Grid { get; init; }

    /// <summary>Training points in the space that the model works in (preprocessed).</summary>
    public required PointSet Training { get; init; }

    /// <summary>The trial's seed.</summary>
    public required ulong Seed { get; init; }
}
