using System.Collections.Concurrent;
using Sweep.Grains.Coordination;
using Sweep.Silo;

namespace Sweep.Client.Running;

/// <summary>Remembers which sweeps a silo had attempts of, and passes everything on. Thread-safe.</summary>
internal sealed class SweepsSeen(ISiloObserver inner) : ISiloObserver
{
    private readonly ConcurrentDictionary<string, bool> _sweeps = new(StringComparer.Ordinal);

    /// <summary>Their ids.</summary>
    public IEnumerable<string> Sweeps => _sweeps.Keys;

    public void Started(AttemptProgress attempt)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        _sweeps.TryAdd(attempt.Lease.SweepId, true);
        inner.Started(attempt);
    }

    public void Ended(AttemptProgress attempt, AttemptOutcome outcome, string? message, TrialResult? result) => inner.Ended(attempt, outcome, message, result);

    public void Warning(string message) => inner.Warning(message);

    public void StoreUnreachable(string message, TimeSpan retryIn) => inner.StoreUnreachable(message, retryIn);
}
