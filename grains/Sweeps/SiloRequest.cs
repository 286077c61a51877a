namespace Sweep.Grains.Sweeps;

/// <summary>What a silo with free slots is to get of a sweep.</summary>
/// <param name="Silo">Its number in the store.</param>
/// <param name="MaxTrials">How many trials.</param>
public sealed record SiloRequest(long Silo, int MaxTrials)
{
    /// <summary>What it can do beyond what every silo can: a number of <see cref="Coordination.Abilities"/>.</summary>
    public int Offers { get; init; }

    /// <summary>Trials that failed on it after this time (ms since 1970) are for others; <see cref="long.MaxValue"/> where there are no others.</summary>
    public long FailedSince { get; init; } = long.MaxValue;

    /// <summary>It runs a trial, of whatever sweep, that may be what kills silos: it gets no second one.</summary>
    public bool HoldsSuspect { get; init; }
}
