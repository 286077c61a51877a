using Sweep.Grains.Specs;

namespace Sweep.Grains.Comparison.Report;

/// <summary>An expectation that was taken back or changed.</summary>
public sealed record WithdrawnExpectation(string Claim, string Is, ExpectationRegistration? Registered);
