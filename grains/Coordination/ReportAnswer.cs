namespace Sweep.Grains.Coordination;

/// <summary>The coordinator's answer to complete, fail and release.</summary>
public enum ReportAnswer
{
    /// <summary>Committed.</summary>
    Accepted,

    /// <summary>The token is stale (the lease expired or was taken); nothing changed.</summary>
    Stale,
}
