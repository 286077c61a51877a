namespace Sweep.Diffusion.Datasets;

/// <summary>
/// The known modes of a dataset, for mode coverage and precision. Thread-safe.
/// </summary>
public interface IModes
{
    /// <summary>Each mode's probability, summing to 1.</summary>
    IReadOnlyList<double> Weights { get; }

    /// <summary>
    /// Assigns each row of <paramref name="points"/> (n, d) to its nearest mode (by Mahalanobis distance under the mode's own covariance), with that
    /// distance in standard deviations.
    /// </summary>
    void Assign(ReadOnlySpan<double> points, Span<int> mode, Span<double> mahalanobis);
}
