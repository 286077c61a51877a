namespace Sweep.Grains.Storage;

/// <summary>A silo's row, as who gives leases needs it.</summary>
internal sealed class SiloState : SiloRow
{
    public string Id { get; set; } = "";

    /// <summary>Whether it runs a trial that may be what kills silos.</summary>
    public bool HoldsSuspect { get; set; }
}
