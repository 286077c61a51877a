using Sweep.Client.Cluster;
using Sweep.Grains.Coordination;

namespace Sweep.Client.Running;

/// <summary>A watched sweep at one moment.</summary>
/// <param name="Trouble">Why the store did not answer, and then the rest is from before; or that nobody works on the sweep.</param>
internal sealed record WatchMoment(SweepSummary Sweep, IReadOnlyList<TrialSummary> Running, string? Trouble)
{
    /// <summary>How many run, in words.</summary>
    public required string Runs { get; init; }

    /// <summary>Silos that have trials of this sweep and send no heartbeats.</summary>
    public IReadOnlyList<SiloSummary> Silent { get; init; } = [];

    /// <summary>What the silos say of those that run, by id.</summary>
    public IReadOnlyDictionary<string, LiveTrial> Live { get; init; } = new Dictionary<string, LiveTrial>(StringComparer.Ordinal);

    /// <summary>Where its race stands, in words; null where it is none.</summary>
    public string? Race { get; init; }

    /// <summary>Where its tuning stands, in words; null where nothing is tuned.</summary>
    public string? Tuning { get; init; }

    /// <summary>The best that has completed; null where none has, or nobody asks.</summary>
    public BestCurve? Best { get; init; }

    /// <summary>How many had completed when the best was looked for.</summary>
    public long Ranked { get; init; }

    /// <summary>How the comparisons stand; null where no silo says it.</summary>
    public LiveComparisons? Comparisons { get; init; }
}
