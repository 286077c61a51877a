namespace Sweep.Grains.Orleans.Shells;

/// <summary>A silo that has leases in a sweep.</summary>
internal sealed class HeldLease
{
    /// <summary>The sweep's id.</summary>
    public string Sweep { get; set; } = "";

    /// <summary>The silo's number in the store.</summary>
    public long Key { get; set; }

    /// <summary>The silo's id.</summary>
    public string Silo { get; set; } = "";
}
