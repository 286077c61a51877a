namespace Sweep.Bench.Racing;

/// <summary>What came of one sweep.</summary>
/// <param name="Found">Real differences that were called.</param>
/// <param name="Real">All of them.</param>
/// <param name="Runs">Trials.</param>
/// <param name="EarlyMeans">Sizes of the means of what was called before the last look, summed.</param>
/// <param name="EarlyTruths">The same of the true differences.</param>
internal readonly record struct Raced(int Found, int Real, int Runs, double EarlyMeans, double EarlyTruths);
