using Sweep.Grains.Coordination;
using Sweep.Grains.Specs;

namespace Sweep.Client.Running;

/// <summary>A run at one moment.</summary>
internal sealed record RunSnapshot
{
    public required int Completed { get; init; }

    public required int Failed { get; init; }

    public required int Total { get; init; }

    /// <summary>By estimated cost, 0 to 1.</summary>
    public required double Fraction { get; init; }

    public required TimeSpan Elapsed { get; init; }

    public required TimeSpan? Remaining { get; init; }

    public required IReadOnlyList<(TrialSpec Trial, LeaseProgress Progress)> Running { get; init; }

    /// <summary>Per dataset, the best group so far, in words.</summary>
    public required IReadOnlyList<BestLine> Best { get; init; }
}
