namespace Sweep.Grains.Orleans.Ledger;

/// <summary>What the sweep grain remembers of a trial that is queued or running.</summary>
internal sealed class LedgerTrial
{
    public long Trial { get; set; }

    public string Id { get; set; } = "";

    public int State { get; set; }

    /// <summary>Attempts begun; also the latest lease's fencing token.</summary>
    public int Attempts { get; set; }

    public int MemoryFailures { get; set; }

    public int Losses { get; set; }

    public double Cost { get; set; }

    /// <summary>What a silo has to offer to get it.</summary>
    public int Needs { get; set; }

    public long Ordinal { get; set; }

    public long? FailedOn { get; set; }

    public long? FailedAt { get; set; }

    public long? Silo { get; set; }

    public long? Expires { get; set; }

    public bool Cancelling { get; set; }

    public bool IsFor(int offers) => (Needs & offers) == Needs;

    public bool IsHeld(long silo, long token, long now) => Silo == silo && Attempts == token && Expires > now;
}
