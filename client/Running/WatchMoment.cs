using Sweep.Grains.Coordination;

namespace Sweep.Client.Running;

/// <summary>A watched sweep at one moment.</summary>
/// <param name="Trouble">Why the store did not answer; then the rest is from before.</param>
internal sealed record WatchMoment(SweepSummary Sweep, IReadOnlyList<TrialSummary> Running, string? Trouble)
{
    /// <summary>Silos that have trials of this sweep and aren't heard of.</summary>
    public IReadOnlyList<SiloSummary> Silent { get; init; } = [];
}
