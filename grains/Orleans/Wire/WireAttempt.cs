using Sweep.Grains.Coordination;

namespace Sweep.Grains.Orleans.Wire;

/// <summary>One try at a trial. See <see cref="AttemptRecord"/>.</summary>
[GenerateSerializer]
[Immutable]
[Alias("sweep.attempt.1")]
public sealed record WireAttempt
{
    /// <summary>1 for a trial's first; also the fencing token of its lease.</summary>
    [Id(0)]
    public required int Attempt { get; init; }

    [Id(1)]
    public required string Silo { get; init; }

    /// <summary>A number of <see cref="AttemptOutcome"/>.</summary>
    [Id(2)]
    public int Outcome { get; init; }

    /// <summary>ms since 1970, by the store's clock; null where only its lease is known so far.</summary>
    [Id(3)]
    public long? Started { get; init; }

    [Id(4)]
    public long? Ended { get; init; }

    [Id(5)]
    public string? Message { get; init; }

    public static WireAttempt Of(AttemptRecord attempt)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        return new WireAttempt
        {
            Attempt = attempt.Attempt,
            Silo = attempt.Silo,
            Outcome = (int)attempt.Outcome,
            Started = attempt.Started.ToUnixTimeMilliseconds(),
            Ended = attempt.Ended?.ToUnixTimeMilliseconds(),
            Message = attempt.Message,
        };
    }
}
