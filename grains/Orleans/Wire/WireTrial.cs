namespace Sweep.Grains.Orleans.Wire;

/// <summary>A trial's state, its attempts, and what is live of the one that runs.</summary>
[GenerateSerializer]
[Immutable]
[Alias("sweep.trial.1")]
public sealed record WireTrial
{
    /// <summary>A number of <see cref="Coordination.TrialStatus"/>.</summary>
    [Id(0)]
    public required int State { get; init; }

    /// <summary>By number, ascending.</summary>
    [Id(1)]
    public required WireAttempt[] Attempts { get; init; }

    /// <summary>The running attempt's phase; null when none runs or none is known yet.</summary>
    [Id(2)]
    public string? Phase { get; init; }

    [Id(3)]
    public double? Fraction { get; init; }

    [Id(4)]
    public double? Loss { get; init; }

    /// <summary>The running attempt's training curve: steps behind each point.</summary>
    [Id(5)]
    public int[] Steps { get; init; } = [];

    [Id(6)]
    public float[] Losses { get; init; } = [];

    /// <summary>The log-likelihood after each reverse step so far.</summary>
    [Id(7)]
    public float[] Scores { get; init; } = [];
}
