using Sweep.Grains.Sweeps;

namespace Sweep.Grains.Orleans.Wire;

/// <summary>What a silo is to get of one sweep.</summary>
[GenerateSerializer]
[Alias("sweep.take.1")]
public sealed record WireTake
{
    /// <summary>The silo's number in the store.</summary>
    [Id(0)]
    public required long Silo { get; init; }

    [Id(1)]
    public required int MaxTrials { get; init; }

    /// <summary>Trials that failed on this silo since then (ms since 1970) are for others.</summary>
    [Id(2)]
    public required long FailedSince { get; init; }

    /// <summary>These and no others; null takes the head of the queue.</summary>
    [Id(3)]
    public string[]? Trials { get; init; }

    /// <summary>The silo runs a trial, of whatever sweep, that may be what kills silos: it gets no second one.</summary>
    [Id(4)]
    public bool HoldsSuspect { get; init; }

    /// <summary>What the silo can do beyond what every silo can: a number of <see cref="Coordination.Abilities"/>.</summary>
    [Id(5)]
    public int Offers { get; init; }

    public SiloRequest ToRequest() => new(Silo, MaxTrials) { Offers = Offers, FailedSince = FailedSince, HoldsSuspect = HoldsSuspect };
}
