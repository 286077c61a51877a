using Sweep.Grains.Coordination;
using Sweep.Grains.Sweeps;
using Sweep.Grains.Trials;

namespace Sweep.Grains.Orleans.Transactions;

/// <summary>A trial's row, as far as its sweep's queue needs it.</summary>
internal sealed class QueueRow
{
    public long Trial { get; set; }

    public string Id { get; set; } = "";

    public int State { get; set; }

    public int Attempts { get; set; }

    public int Failures { get; set; }

    public int MemoryFailures { get; set; }

    public int Losses { get; set; }

    public double Cost { get; set; }

    public int Needs { get; set; }

    public long Ordinal { get; set; }

    public long? FailedOn { get; set; }

    public long? FailedAt { get; set; }

    public long? Silo { get; set; }

    public long? Expires { get; set; }

    public bool Cancelling { get; set; }

    public SweepTrial ToTrial() => new(Trial, Id, Ordinal, Cost, Needs);

    public TrialState ToState() => new()
    {
        Status = (TrialStatus)State, Attempts = Attempts, Failures = Failures, MemoryFailures = MemoryFailures, Losses = Losses, Cancelling = Cancelling,
        Silo = Silo, Expires = Expires,
        FailedOn = FailedOn, FailedAt = FailedAt,
    };
}
