namespace Sweep.Grains.Comparison.Report;

/// <summary>The two sides of an expectation's comparison.</summary>
/// <param name="Axis">An axis, or <c>metric</c>.</param>
/// <param name="A">The value or metric called a.</param>
/// <param name="B">The one called b.</param>
public sealed record ExpectationSides(string Axis, string A, string B);
