using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison.Report;

/// <summary>A trial that failed for good.</summary>
/// <param name="Trial">Which.</param>
/// <param name="Cause"><c>failed</c>, or <c>damaged</c>: it completed, and its stored result can't be used</param>
/// <param name="Message">The last attempt's.</param>
public sealed record FailedTrial(TrialSpec Trial, string Cause, string Message);
