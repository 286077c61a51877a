using Sweep.Grains.Coordination;
using Sweep.Silo;

namespace Sweep.Bench.Cluster;

/// <summary>Says only what is wrong.</summary>
internal sealed class QuietObserver : ISiloObserver
{
    public void Started(AttemptProgress attempt)
    {
    }

    public void Ended(AttemptProgress attempt, AttemptOutcome outcome, string? message, TrialResult? result)
    {
    }

    public void Warning(string message) => Console.Error.WriteLine(message);

    public void StoreUnreachable(string message, TimeSpan retryIn) => Console.Error.WriteLine(message);
}
