namespace Sweep.Diffusion.Metrics;

/// <summary>
/// A metric that no trial stores: it is worked out from what trials stored, when that is read, and shown where the spec names it. So it can be had of results
/// that are older than it.
/// </summary>
public interface IDerivedMetric : IMetric
{
    /// <summary>The stored metrics that it is read from. Of a single one it is also had along the curve of that name, point by point.</summary>
    IReadOnlyList<string> Metrics { get; }

    /// <summary>Its value for fresh true samples; null where it means nothing.</summary>
    double? TruthLevel => null;

    /// <summary>The number, or why there is none; null where the trial has not stored what it is read from.</summary>
    Measurement? Read(IStoredTrial trial);
}
