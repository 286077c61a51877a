using System.Collections.Concurrent;

namespace Sweep.Grains.Comparison.Statistics;

/// <summary>A mean over replicates with its 95% Student t interval.</summary>
/// <param name="Mean">The mean.</param>
/// <param name="Low">Lower end; null with fewer than two values, where no interval exists.</param>
/// <param name="High">Upper end; null likewise.</param>
public sealed record MeanInterval(double Mean, double? Low, double? High)
{
    private const double Alpha = 0.05;
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

    /// <summary>The same from a count, a mean and an unbiased variance that are known already.</summary>
    internal static MeanInterval Of(int count, double mean, double variance, double alpha = Alpha)
    {
        if (count == 1)
            return new MeanInterval(mean, null, null);
        double half = CriticalValues.GetOrAdd((count - 1, alpha), static key => StudentT.Critical(key.Alpha, key.Degrees)) * Math.Sqrt(variance / count);
        return new MeanInterval(mean, mean - half, mean + half);
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
