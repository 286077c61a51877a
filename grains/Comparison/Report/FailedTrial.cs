using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison.Report;

/// <summary>A trial that failed for good.</summary>
/// <param name="Trial">Which.</param>
/// <param name="Cause"><c>failed</c>, <c>out_of_memory</c>, …</param>
/// <param name="Message">The last attempt's.</param>
public sealed record FailedTrial(TrialSpec Trial, string Cause, string Message);
