using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Grains.Orleans.Wire;

/// <summary>A lease as it travels; the trial's spec as the JSON that the store holds.</summary>
[GenerateSerializer]
[Immutable]
[Alias("sweep.lease.1")]
public sealed record WireLease
{
    /// <summary>In place of a spec whose row has changed since it was stored.</summary>
    public const string Damaged = "";

    [Id(0)]
    public required string SweepId { get; init; }

    [Id(1)]
    public required string Spec { get; init; }

    [Id(2)]
    public required int Attempt { get; init; }

    [Id(3)]
    public required long FencingToken { get; init; }

    [Id(4)]
    public required long Holder { get; init; }

    /// <summary>ms since 1970, by the store's clock.</summary>
    [Id(5)]
    public required long Expires { get; init; }

    // 6 was a field that nobody read.
    [Id(7)]
    public required string TrialId { get; init; }

    [Id(8)]
    public double Cost { get; init; }

    public Lease ToLease() => ToLease(TrialSpecJson.Read(Spec));

    /// <param name="trial">Read elsewhere.</param>
    public Lease ToLease(TrialSpec trial) => new()
    {
        SweepId = SweepId,
        Trial = trial,
        Attempt = Attempt,
        FencingToken = FencingToken,
        Holder = Holder,
        Expires = DateTimeOffset.FromUnixTimeMilliseconds(Expires),
        Cost = Cost,
    };
}
