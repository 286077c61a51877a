namespace Sweep.Grains.Coordination;

/// <summary>One try at a trial.</summary>
public sealed record AttemptRecord
{
    public required int Attempt { get; init; }

    public required string Silo { get; init; }

    public required AttemptOutcome Outcome { get; init; }

    public required DateTimeOffset Started { get; init; }

    public DateTimeOffset? Ended { get; init; }

    public string? Message { get; init; }

    /// <summary>Where its silo keeps artifacts: a folder on its machine; null where it didn't say.</summary>
    public string? Artifacts { get; init; }

    /// <summary>Whether it counts against the trial's present retry budget.</summary>
    public bool Charged { get; init; }
}
