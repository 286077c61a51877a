using Sweep.Grains.Coordination;

namespace Sweep.Silo;

/// <summary>Told what a silo does, from its worker threads: implementations are thread-safe and quick.</summary>
public interface ISiloObserver
{
    void Started(AttemptProgress attempt);

    /// <summary>The attempt is over; <paramref name="result"/> is set when it completed and was accepted.</summary>
    void Ended(AttemptProgress attempt, AttemptOutcome outcome, string? message, TrialResult? result);

    /// <summary>Something is wrong with this silo that an operator should know.</summary>
    void Warning(string message);

    /// <summary>The store does not answer; the silo goes on trying.</summary>
    void StoreUnreachable(string message, TimeSpan retryIn);
}
