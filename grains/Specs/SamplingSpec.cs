namespace Sweep.Grains.Specs;

/// <summary>The resolved <c>sampling</c> section.</summary>
public sealed record SamplingSpec
{
    public required KindSpec Sampler { get; init; }

    /// <summary>Reverse steps.</summary>
    public required int Steps { get; init; }

    /// <summary>Points drawn for the metrics.</summary>
    public required int Samples { get; init; }

    /// <summary>The noise levels that the sampler stops at; null for the schedule's own.</summary>
    public KindSpec? Grid { get; init; }

    /// <summary>Where the closed-form flow of the training data's Gaussian leaves the sampler (<see cref="TeleportKinds"/>); null for nowhere.</summary>
    public KindSpec? Teleport { get; init; }

    /// <summary><c>quantiles</c>: quantiles of the first level's noise in place of random noise; null for noise.</summary>
    public string? Initial { get; init; }
}
