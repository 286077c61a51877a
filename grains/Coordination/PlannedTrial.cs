using Sweep.Grains.Specs;

namespace Sweep.Grains.Coordination;

/// <summary>A trial and what it is estimated to cost, in any one unit.</summary>
public sealed record PlannedTrial(TrialSpec Trial, double EstimatedCost);
