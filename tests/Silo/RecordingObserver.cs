using System.Collections.Concurrent;
using Sweep.Grains.Coordination;
using Sweep.Silo;

namespace Sweep.Tests.Silo;

/// <summary>Remembers how attempts ended.</summary>
internal sealed class RecordingObserver : ISiloObserver
{
    public ConcurrentQueue<(string Trial, AttemptOutcome Outcome, string? Message)> Ends { get; } = [];

    public void Started(AttemptProgress attempt)
    {
    }

    public void Ended(AttemptProgress attempt, AttemptOutcome outcome, string? message, TrialResult? result) =>
        Ends.Enqueue((attempt.Lease.Trial.Id, outcome, message));

    public ConcurrentQueue<string> Warnings { get; } = [];

    public void Warning(string message) => Warnings.Enqueue(message);

    public void StoreUnreachable(string message, TimeSpan retryIn)
    {
    }
}
