using System.Collections.Concurrent;

namespace Sweep.Grains.Comparison.Statistics;

/// <summary>A mean over replicates with its 95% Student t interval.</summary>
/// <param name="Mean">The mean. Not finite where the values' differences are beyond the range of numbers.</param>
/// <param name="Low">Lower end; null with fewer than two values, where no interval exists, and where it would overflow.</param>
/// <param name="High">Upper end; null likewise.</param>
public sealed record MeanInterval(double Mean, double? Low, double? High)
{
    /// <summary>Of 95 % intervals.</summary>
    public const double Alpha = 0.05;
    private static readonly ConcurrentDictionary<(int Degrees, double Alpha), double> CriticalValues = new();

    /// <summary>The mean of <paramref name="values"/> ± t(n-1) s/√n.</summary>
    /// <param name="values">(n), n &gt;= 1, all finite.</param>
    /// <exception cref="ArgumentException">No values.</exception>
    public static MeanInterval Of(ReadOnlySpan<double> values) => Of(values, Alpha);

    /// <summary>The mean with a 1 - <paramref name="alpha"/> interval.</summary>
    /// <param name="values">(n), n &gt;= 1, all finite.</param>
    /// <param name="alpha">Between 0 and 1.</param>
    /// <exception cref="ArgumentException">No values.</exception>
    public static MeanInterval Of(ReadOnlySpan<double> values, double alpha)
    {
        if (values.IsEmpty)
            throw new ArgumentException("no values: 0; allowed: at least 1", nameof(values));

        double mean = MeanOf(values);
        return Of(values.Length, mean, values.Length > 1 ? VarianceOf(values, mean) : 0, alpha);
    }

    /// <summary>
    /// The mean with the 95% interval of results on data that every seed splits again: C. Nadeau and Y. Bengio, "Inference for the generalization error",
    /// Machine Learning 52 (2003), the corrected variance (1/n + test/train) s² in place of s²/n, n - 1 degrees of freedom.
    /// </summary>
    /// <param name="values">(n), n &gt;= 1, all finite.</param>
    /// <param name="testToTrain">Test rows per training row, at least 0.</param>
    public static MeanInterval OfResplits(ReadOnlySpan<double> values, double testToTrain)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(testToTrain);
        MeanInterval plain = Of(values);
        if (plain is not { Low: { } low, High: { } high })
            return plain;
        double half = (high - low) / 2 * Math.Sqrt(1 + (testToTrain * values.Length));
        return Around(plain.Mean, half);
    }

    /// <summary>The same from a count, a mean and an unbiased variance that are known already.</summary>
    internal static MeanInterval Of(int count, double mean, double variance, double alpha = Alpha) => count == 1
        ? new MeanInterval(mean, null, null)
        : Around(mean, Critical(alpha, count - 1) * Math.Sqrt(variance / count));

    /// <summary><see cref="StudentT.Critical"/>, remembered: few are asked for, and often.</summary>
    internal static double Critical(double alpha, int degrees) =>
        CriticalValues.GetOrAdd((degrees, alpha), static key => StudentT.Critical(key.Alpha, key.Degrees));

    /// <summary>Whether the values were so large that the mean or the interval leaves the range of numbers; its ends are then null.</summary>
    public bool Overflows { get; private init; }

    /// <summary>So far to either side of the mean.</summary>
    internal static MeanInterval Around(double mean, double half)
    {
        (double low, double high) = (mean - half, mean + half);
        return double.IsFinite(low) && double.IsFinite(high) ? new MeanInterval(mean, low, high) : new MeanInterval(mean, null, null) { Overflows = true };
    }

    /// <summary>Whether zero lies outside the interval; false when there is none.</summary>
    public bool LeavesOutZero => Low > 0 || High < 0;

    /// <summary>The plain mean. Equal values give exactly that value: a sum of three equal numbers divided by 3 need not.</summary>
    internal static double MeanOf(ReadOnlySpan<double> values)
    {
        double sum = 0;
        foreach (double value in values)
            sum += value - values[0];
        return values[0] + sum / values.Length;
    }

    /// <summary>The unbiased variance (n - 1), two passes.</summary>
    internal static double VarianceOf(ReadOnlySpan<double> values, double mean)
    {
        double squares = 0;
        foreach (double value in values)
            squares += (value - mean) * (value - mean);
        return squares / (values.Length - 1);
    }
}
