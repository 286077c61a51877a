namespace Sweep.Grains.Comparison.Statistics;

/// <summary>
/// Mean and variance of values that come one by one, without keeping them: B. P. Welford, "Note on a method for calculating corrected sums of squares and
/// products", Technometrics 4 (1962). Agrees with <see cref="MeanInterval"/>'s two passes to rounding, in whatever order values come. Not thread-safe.
/// </summary>
public sealed class RunningMoments
{
    private double _mean;
    private double _squares;

    public int Count { get; private set; }

    /// <summary>NaN without values.</summary>
    public double Mean => Count > 0 ? _mean : double.NaN;

    /// <summary>Unbiased (n - 1); NaN with fewer than two values.</summary>
    public double Variance => Count > 1 ? _squares / (Count - 1) : double.NaN;

    /// <summary>The mean with its 95% Student t interval; null without values.</summary>
    public MeanInterval? Interval => Count > 0 ? MeanInterval.Of(Count, _mean, Variance) : null;

    /// <param name="value">Finite.</param>
    public void Add(double value)
    {
        Count++;
        double from = value - _mean;
        _mean += from / Count;
        _squares += from * (value - _mean);
    }
}
