namespace Sweep.Grains.Coordination.Sql;

/// <summary>What decisions need of a trial's row.</summary>
internal sealed class TrialRow
{
    public long Trial { get; set; }

    public long Sweep { get; set; }

    public int State { get; set; }

    /// <summary>Attempts begun; also the latest lease's fencing token.</summary>
    public int Attempts { get; set; }

    /// <summary>Failures charged to the retry budget.</summary>
    public int Failures { get; set; }

    /// <summary>Attempts out of memory, in a row.</summary>
    public int MemoryFailures { get; set; }

    /// <summary>Its cancellation was asked for while it ran.</summary>
    public bool Cancelling { get; set; }

    public long? Silo { get; set; }

    public long? Expires { get; set; }

    /// <summary>Whether it has failed on some silo, or its silo on some trial, since they were last judged: what quarantine looks at.</summary>
    public bool HasFailures { get; set; }

    public double Cost { get; set; }

    /// <summary>Where it goes when an attempt ends without a verdict.</summary>
    public TrialStatus BackTo => Cancelling ? TrialStatus.Cancelled : TrialStatus.Queued;

    /// <summary>Leases that expired, in a row.</summary>
    public int Losses { get; set; }

    /// <summary>
    /// Whether a silo's lease with this token stands. The silo is asked too: a database that crashed may have forgotten a lease and given its token again.
    /// </summary>
    public bool IsHeld(long silo, long token, long now) => State == (int)TrialStatus.Running && Attempts == token && Silo == silo && Expires > now;
}
