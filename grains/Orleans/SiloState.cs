using Sweep.Grains.Orleans.Wire;

namespace Sweep.Grains.Orleans;

/// <summary>A silo's row, as the dispatcher needs it.</summary>
internal sealed class SiloState
{
    public string Id { get; set; } = "";

    public long Silo { get; set; }

    public long? Quarantined { get; set; }

    public long? LastSeen { get; set; }

    public string? Artifacts { get; set; }

    public string? Devices { get; set; }

    public int? Slots { get; set; }

    public int Offers { get; set; }

    /// <summary>Whether a request says of the silo what is known, or nothing.</summary>
    public bool IsAsSaid(WireLeaseRequest request) =>
        request.Devices is null || (request.Artifacts, request.Devices, (int?)request.Slots, request.Offers) == (Artifacts, Devices, Slots, Offers);

    /// <summary>Whether another silo is alive that may lease.</summary>
    public bool HasOthers { get; set; }

    /// <summary>Whether it runs a trial that may be what kills silos.</summary>
    public bool HoldsSuspect { get; set; }
}
