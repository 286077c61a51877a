namespace Sweep.Grains.Coordination;

/// <summary>The coordinator's answer to complete, fail and release.</summary>
public enum ReportAnswer
{
    /// <summary>Committed.</summary>
    Accepted,

    /// <summary>The token is stale (the lease has ended: the trial was put back, or is done); nothing changed.</summary>
    Stale,
}
