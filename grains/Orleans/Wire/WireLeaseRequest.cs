using Sweep.Grains.Coordination;

namespace Sweep.Grains.Orleans.Wire;

/// <summary>A silo asks for work. See <see cref="LeaseRequest"/>.</summary>
[GenerateSerializer]
[Alias("sweep.lease-request.1")]
public sealed record WireLeaseRequest
{
    [Id(0)]
    public required string Silo { get; init; }

    [Id(1)]
    public required int MaxTrials { get; init; }

    [Id(2)]
    public string? SweepId { get; init; }

    [Id(3)]
    public string? Artifacts { get; init; }

    /// <summary>Null where the silo says nothing of itself.</summary>
    [Id(4)]
    public string? Devices { get; init; }

    [Id(5)]
    public int Slots { get; init; }

    /// <summary>A number of <see cref="Abilities"/>.</summary>
    [Id(6)]
    public int Offers { get; init; }

    public LeaseRequest ToRequest() => new(Silo, MaxTrials)
    {
        SweepId = SweepId, About = Devices is null ? null : new SiloFacts(Devices, Slots, (Abilities)Offers) { Artifacts = Artifacts },
    };

    public static WireLeaseRequest Of(LeaseRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new WireLeaseRequest
        {
            Silo = request.Silo, MaxTrials = request.MaxTrials, SweepId = request.SweepId, Artifacts = request.About?.Artifacts,
            Devices = request.About?.Devices,
            Slots = request.About?.Slots ?? 0, Offers = (int)(request.About?.Offers ?? Abilities.None),
        };
    }
}
