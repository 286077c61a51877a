namespace Sweep.Grains.Orleans.Wire;

/// <summary>What a silo says of a running attempt, now and then: where it is, and the training curve since it said so last.</summary>
[GenerateSerializer]
[Immutable]
[Alias("sweep.live.1")]
public sealed record WireLive
{
    [Id(0)]
    public required long FencingToken { get; init; }

    [Id(1)]
    public required string Silo { get; init; }

    [Id(2)]
    public required string Phase { get; init; }

    /// <summary>Of the attempt, 0 to 1.</summary>
    [Id(3)]
    public required double Fraction { get; init; }

    [Id(4)]
    public double? Loss { get; init; }

    /// <summary>A number of <see cref="Coordination.HeartbeatAnswer"/> where a heartbeat was answered just now.</summary>
    [Id(5)]
    public int? Answer { get; init; }

    /// <summary>What is new of them.</summary>
    [Id(6)]
    public WireCurves Curves { get; init; } = new();
}
