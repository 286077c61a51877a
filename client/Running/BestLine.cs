namespace Sweep.Client.Running;

/// <summary>The best group of a dataset so far, by the headline metric.</summary>
/// <param name="Dataset">The dataset's label.</param>
/// <param name="Group">The other axes' labels.</param>
/// <param name="Metric">The metric that ranked it.</param>
/// <param name="Mean">Its mean over the seeds finished so far.</param>
/// <param name="TruthLevel">What fresh true samples score by it, where that is known.</param>
/// <param name="Seeds">Seeds finished so far.</param>
internal sealed record BestLine(string Dataset, string Group, string Metric, double Mean, double? TruthLevel, int Seeds);
