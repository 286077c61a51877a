namespace Sweep.Grains.Orleans.Wire;

/// <summary>How much was announced in a store, as the grain that listens has counted: what differs from before is news.</summary>
[GenerateSerializer]
[Immutable]
[Alias("sweep.announced.1")]
public sealed record WireAnnounced
{
    /// <summary>Another one counts otherwise.</summary>
    [Id(0)]
    public required Guid Listener { get; init; }

    /// <summary>Times that trials may have become leasable.</summary>
    [Id(1)]
    public required long Work { get; init; }

    /// <summary>Times that the cluster's keys may have been changed.</summary>
    [Id(2)]
    public required long Keys { get; init; }
}
