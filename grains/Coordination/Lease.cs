using Sweep.Grains.Specs;

namespace Sweep.Grains.Coordination;

/// <summary>The right to run one attempt at a trial until it expires.</summary>
public sealed record Lease
{
    public required string SweepId { get; init; }

    public required TrialSpec Trial { get; init; }

    /// <summary>1 for a trial's first attempt.</summary>
    public required int Attempt { get; init; }

    /// <summary>Grows with every lease of the trial; a report with an older token is refused.</summary>
    public required long FencingToken { get; init; }

    /// <summary>The store's key of the silo it was given to.</summary>
    public long Holder { get; init; }

    public required DateTimeOffset Expires { get; init; }

    /// <summary>What the trial was estimated to cost when it was submitted, in operations.</summary>
    public double Cost { get; init; }
}
