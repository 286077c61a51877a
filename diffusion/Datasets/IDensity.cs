namespace Sweep.Diffusion.Datasets;

/// <summary>
/// An exactly known probability density over R^d. Implementations are immutable and thread-safe. Points are row-major
/// (n, d); log-densities are in nats; a score is the gradient of the log-density with respect to the point. Both are finite for every
/// finite point as far as double precision allows (log-sum-exp, never exp then log).
/// </summary>
public interface IDensity
{
    int Dimensions { get; }

    /// <summary>Writes log p of each row of <paramref name="points"/> (n, d) into <paramref name="nats"/> (n).</summary>
    void LogDensity(ReadOnlySpan<double> points, Span<double> nats);

    /// <summary>
    /// The log-density in fp32, where that is faster: for means over many points, such as a curve's. False where there is no such way for this density, or for
    /// these points (one is too far out for fp32, or no number): then <see cref="LogDensity"/> has the answer.
    /// </summary>
    /// <param name="points">(n, d) row-major.</param>
    /// <param name="nats">(n); of no meaning where false is returned.</param>
    bool TryLogDensity(ReadOnlySpan<float> points, Span<float> nats) => false;

    /// <summary>Writes the score of each row of <paramref name="points"/> (n, d) into <paramref name="scores"/> (n, d).</summary>
    void Score(ReadOnlySpan<double> points, Span<double> scores);
}
