using Sweep.Grains.Coordination;
using Sweep.Silo;

namespace Sweep.Bench.Telemetry;

internal sealed class Quiet : ISiloObserver
{
    public void Started(AttemptProgress attempt)
    {
    }

    public void Ended(AttemptProgress attempt, AttemptOutcome outcome, string? message, TrialResult? result)
    {
    }

    public void Warning(string message)
    {
    }

    public void StoreUnreachable(string message, TimeSpan retryIn)
    {
    }
}
