namespace Sweep.Grains.Orleans.Wire;

/// <summary>A group so far: the trials that differ in seed alone.</summary>
[GenerateSerializer]
[Immutable]
[Alias("sweep.group.1")]
public sealed record WireGroup
{
    /// <summary>A JSON object: its place on every axis.</summary>
    [Id(0)]
    public required string Axes { get; init; }

    /// <summary>Seeds that have completed.</summary>
    [Id(1)]
    public required int Seeds { get; init; }

    /// <summary>The metric that the spec compares by.</summary>
    [Id(2)]
    public required WireMoments Headline { get; init; }

    /// <summary>Of its score minus the baseline's, paired by seed; the score of a metric judged by its truth level is minus the distance from it.</summary>
    [Id(3)]
    public required WireMoments Difference { get; init; }

    /// <summary>By reverse step: the mean log-likelihood; NaN where no seed has a finite one.</summary>
    [Id(4)]
    public required double[] LogLikelihood { get; init; }
}
