namespace Sweep.Diffusion.Metrics;

/// <summary>
/// A metric of every trial that has what it needs. Both methods are pure functions of what they are given, and are called on any thread; neither changes it.
/// They are called only where the dataset has what <see cref="IMetric.Needs"/> says.
/// </summary>
public interface IMeasuredMetric : IMetric
{
    /// <summary>The number, or why there is none: never an exception for what samples may be, which is anything, NaN included.</summary>
    Measurement Measure(MetricSubject subject);

    /// <summary>
    /// The truth level: the same number for fresh true samples, which no model can be told from the truth by. Once per replicate of a dataset. Null where it
    /// means nothing.
    /// </summary>
    double? TruthLevel(MetricTruth truth) => null;
}
