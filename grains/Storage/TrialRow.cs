using Sweep.Grains.Coordination;
using Sweep.Grains.Trials;

namespace Sweep.Grains.Storage;

/// <summary>What decisions need of a trial's row.</summary>
internal sealed class TrialRow
{
    public long Trial { get; set; }

    public long Sweep { get; set; }

    public int State { get; set; }

    public int Attempts { get; set; }

    public int Failures { get; set; }

    public int MemoryFailures { get; set; }

    public int Losses { get; set; }

    public bool Cancelling { get; set; }

    public long? Silo { get; set; }

    public long? Expires { get; set; }

    public long? FailedOn { get; set; }

    public long? FailedAt { get; set; }

    public string? Message { get; set; }

    public double Cost { get; set; }

    /// <summary>The look of a race that first asks for it, from 1; 0 of no race.</summary>
    public int Stage { get; set; }

    public TrialState ToState() => new()
    {
        Status = (TrialStatus)State, Attempts = Attempts, Failures = Failures, MemoryFailures = MemoryFailures, Losses = Losses, Cancelling = Cancelling,
        Silo = Silo, Expires = Expires,
        FailedOn = FailedOn, FailedAt = FailedAt, Message = Message,
    };
}
