using Sweep.Grains.Coordination;

namespace Sweep.Tests.Grains.Coordination.Model;

/// <summary>A trial, plainly: its state is what its attempts make it.</summary>
internal sealed class ModelTrial(int sweep, int number, double cost, Abilities needs)
{
    public int Sweep { get; } = sweep;

    public int Number { get; } = number;

    public double Cost { get; } = cost;

    public Abilities Needs { get; } = needs;

    public TrialStatus State { get; set; } = TrialStatus.Queued;

    public bool Cancelling { get; set; }

    public int MemoryFailures { get; set; }

    /// <summary>Leases that expired, in a row.</summary>
    public int Losses { get; set; }

    public DateTimeOffset Expires { get; set; }

    public (int Silo, DateTimeOffset At)? FailedOn { get; set; }

    public List<ModelAttempt> Attempts { get; } = [];

    public int Failures => Attempts.Count(attempt => attempt.Charged);

    public TrialStatus BackTo => Cancelling ? TrialStatus.Cancelled : TrialStatus.Queued;

    public void End(AttemptOutcome outcome, TrialStatus next)
    {
        if (outcome != AttemptOutcome.Lost)
            Losses = 0;
        Attempts[^1].Outcome = outcome;
        State = next;
        Cancelling = false;
    }
}
