using Sweep.Grains.Specs;

namespace Sweep.Grains.Coordination;

/// <summary>A completed trial whose stored result is not what was stored.</summary>
/// <param name="Problem">What is wrong with it, in words.</param>
public sealed record DamagedTrial(TrialSpec Trial, string Problem);
