using Sweep.Grains.Orleans.Wire;
using Sweep.Grains.Storage;

namespace Sweep.Grains.Orleans;

/// <summary>A silo's row, as the dispatcher needs it.</summary>
internal sealed class SiloState : SiloRow
{
    public string Id { get; set; } = "";

    /// <summary>Whether a request says of the silo what is known, or nothing.</summary>
    public bool IsAsSaid(WireLeaseRequest request) =>
        request.Devices is null || (request.Artifacts, request.Devices, (int?)request.Slots, request.Offers) == (Artifacts, Devices, Slots, Offers);

    /// <summary>Whether it runs a trial that may be what kills silos.</summary>
    public bool HoldsSuspect { get; set; }
}
