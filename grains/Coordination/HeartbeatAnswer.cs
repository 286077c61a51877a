namespace Sweep.Grains.Coordination;

/// <summary>What to do with a running attempt after a heartbeat.</summary>
public enum HeartbeatAnswer
{
    /// <summary>The lease is renewed: go on.</summary>
    Renewed,

    /// <summary>The lease is no longer this silo's: drop the attempt, report nothing.</summary>
    Lost,

    /// <summary>The trial or its sweep was cancelled: stop, and report it as cancelled.</summary>
    Cancelled,

    /// <summary>The sweep is paused: checkpoint and release.</summary>
    Paused,
}
