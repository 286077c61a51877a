using Sweep.Grains.Specs;

namespace Sweep.Grains.Coordination;

/// <summary>A trial and what it is estimated to cost, in any one unit.</summary>
public sealed record PlannedTrial(TrialSpec Trial, double EstimatedCost)
{
    /// <summary>It is leased only to silos that offer all of this.</summary>
    public Abilities Needs { get; init; }
}
