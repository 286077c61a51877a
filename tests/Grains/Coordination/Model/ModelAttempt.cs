using Sweep.Grains.Coordination;

namespace Sweep.Tests.Grains.Coordination.Model;

/// <summary>One try.</summary>
internal sealed class ModelAttempt(int silo)
{
    public int Silo { get; } = silo;

    public AttemptOutcome Outcome { get; set; } = AttemptOutcome.Running;

    public bool Charged { get; set; }
}
