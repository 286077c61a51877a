namespace Sweep.Grains.Orleans;

/// <summary>A silo's row, as the dispatcher needs it.</summary>
internal sealed class SiloState
{
    public string Id { get; set; } = "";

    public long Silo { get; set; }

    public long? Quarantined { get; set; }

    public long? LastSeen { get; set; }

    public string? Artifacts { get; set; }

    /// <summary>Whether another silo is alive that may lease.</summary>
    public bool HasOthers { get; set; }

    /// <summary>Whether it runs a trial that may be what kills silos.</summary>
    public bool HoldsSuspect { get; set; }
}
