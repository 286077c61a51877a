using Sweep.Grains.Coordination;

namespace Sweep.Grains.Storage;

/// <summary>A silo's key, when it was last seen, since when it is quarantined, and what it says of itself.</summary>
internal class SiloRow
{
    public long Silo { get; set; }

    public long? Quarantined { get; set; }

    public long? LastSeen { get; set; }

    public string? Artifacts { get; set; }

    public string? Devices { get; set; }

    public int? Slots { get; set; }

    public int Offers { get; set; }

    /// <summary>Whether another silo is alive that may lease.</summary>
    public bool HasOthers { get; set; }

    /// <summary>Whether it says of itself what is known, or nothing.</summary>
    public bool IsAsSaid(SiloFacts? about) =>
        about is null || (about.Artifacts, about.Devices, about.Slots, (int)about.Offers) == (Artifacts, Devices, Slots, Offers);
}
