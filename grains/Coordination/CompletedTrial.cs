using Sweep.Grains.Specs;

namespace Sweep.Grains.Coordination;

/// <summary>A completed trial with its result.</summary>
public sealed record CompletedTrial(TrialSpec Trial, TrialResult Result);
