using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Samplers;

/// <summary>Where <see cref="Teleportation"/> leaves the sampler.</summary>
public sealed record Teleported
{
    /// <summary>The levels that are left, the first of them that of <see cref="Initial"/>.</summary>
    public required IReadOnlyList<NoiseLevel> Grid { get; init; }

    /// <summary>Row-major (n, d), at Grid[0].</summary>
    public required double[] Initial { get; init; }

    /// <summary>How many of the grid's steps are skipped: so many fewer are left, unless they are spent on the rest.</summary>
    public required int SkippedSteps { get; init; }

    /// <summary>sigma = noise / signal at Grid[0].</summary>
    public required double SigmaSkip { get; init; }

    /// <summary>The same in units of the data's standard deviation (the root of the covariance's mean eigenvalue).</summary>
    public required double SigmaSkipOverSigmaData { get; init; }
}
