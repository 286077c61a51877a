namespace Sweep.Grains.Specs;

/// <summary>The resolved <c>sampling</c> section.</summary>
public sealed record SamplingSpec
{
    public required KindSpec Sampler { get; init; }

    /// <summary>Reverse steps.</summary>
    public required int Steps { get; init; }

    /// <summary>Points drawn for the metrics.</summary>
    public required int Samples { get; init; }
}
