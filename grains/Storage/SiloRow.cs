namespace Sweep.Grains.Storage;

/// <summary>A silo's key, when it was last seen, and since when it is quarantined.</summary>
internal sealed class SiloRow
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
}
