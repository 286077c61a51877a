using Sweep.Diffusion.Numerics;

namespace Sweep.Diffusion.Metrics;

/// <summary>
/// Sliced Wasserstein-2: the square root of the mean over random directions of the squared 1-D Wasserstein-2 distance (Bonneel, Rabin, Peyré, Pfister,
/// "Sliced and Radon Wasserstein barycenters of measures", J. Math. Imaging Vis. 51, 2015). W2 itself, not its square: in the data's unit. Never below 0, so
/// true samples score above 0: read it beside its truth level.
/// </summary>
public sealed class SlicedWasserstein : IMeasuredMetric
{
    public const string Key = "sliced_wasserstein2";

    public const int DefaultDirections = 128;

    /// <summary>The directions are the same for every trial, so that differences between arms are not the directions'.</summary>
    private const ulong DirectionSeed = 0;

    public string Name => Key;

    public string Label => "Sliced Wasserstein-2";

    public MetricBetter Better => MetricBetter.Lower;

    public double Least => 0;

    public string Explanation => "Between the samples and fresh true samples over many projections; the truth level is that of two true sets.";

    public Measurement Measure(MetricSubject subject) => subject.Broken is { } broken
        ? Measurement.None(broken)
        : Measurement.Of(Distance(subject.Samples.Values, subject.Truth.Test.Values, subject.Samples.Dimensions, DirectionSeed), "overflow");

    public double? TruthLevel(MetricTruth truth) => Distance(truth.Fresh.Values, truth.Test.Values, truth.Test.Dimensions, DirectionSeed);

    /// <param name="a">(n, d) row-major, n at least 1.</param>
    /// <param name="b">(m, d) row-major, m at least 1; unequal counts are matched exactly, quantile by quantile.</param>
    /// <param name="dimensions">d.</param>
    /// <param name="seed">Of the directions: the same seed gives the same directions.</param>
    /// <param name="directions">How many directions.</param>
    /// <returns>The distance; NaN when a coordinate is not finite.</returns>
    public static double Distance(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int dimensions, ulong seed, int directions = DefaultDirections)
    {
        int n = MetricRows.Count(a, dimensions, 1, nameof(a)), m = MetricRows.Count(b, dimensions, 1, nameof(b));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(directions);
        if (!MetricRows.AllFinite(a) || !MetricRows.AllFinite(b))
            return double.NaN;

        var stream = new PhiloxStream(seed, NoisePurpose.Projections);
        double[] direction = new double[dimensions], projectedA = new double[n], projectedB = new double[m];
        RadixSort sortA = new(n), sortB = new(m);
        double mean = 0;
        for (int i = 0; i < directions; i++)
        {
            DrawDirection(ref stream, direction);
            Project(a, direction, projectedA);
            Project(b, direction, projectedB);
            sortA.Sort(projectedA);
            sortB.Sort(projectedB);
            mean += (SquaredDistanceOfSorted(projectedA, projectedB) - mean) / (i + 1);
        }

        return Math.Sqrt(mean);
    }

    /// <summary>
    /// The squared Wasserstein-2 distance of two sorted samples: the integral over u in (0, 1) of the squared difference of their quantile functions, which are
    /// steps of width 1/n and 1/m.
    /// </summary>
    internal static double SquaredDistanceOfSorted(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        if (a.Length == b.Length)
        {
            for (int i = 0; i < a.Length; i++)
                sum += (a[i] - b[i]) * (a[i] - b[i]);
            return sum / a.Length;
        }

        // In whole units of 1/(n m), so that no step is lost or counted twice to rounding.
        long n = a.Length, m = b.Length, position = 0;
        for (int i = 0, j = 0; i < n && j < m;)
        {
            long endOfA = (i + 1) * m, endOfB = (j + 1) * n, end = Math.Min(endOfA, endOfB);
            sum += (end - position) * ((a[i] - b[j]) * (a[i] - b[j]));
            position = end;
            if (endOfA == end)
                i++;
            if (endOfB == end)
                j++;
        }

        return sum / ((double)n * m);
    }

    private static void DrawDirection(ref PhiloxStream stream, Span<double> direction)
    {
        double squares = 0;
        stream.FillNormal(direction);
        foreach (double v in direction)
            squares += v * v;
        foreach (ref double v in direction)
            v /= Math.Sqrt(squares);
    }

    private static void Project(ReadOnlySpan<double> points, ReadOnlySpan<double> direction, Span<double> projected)
    {
        for (int i = 0; i < projected.Length; i++)
        {
            ReadOnlySpan<double> row = points.Slice(i * direction.Length, direction.Length);
            double dot = 0;
            for (int j = 0; j < row.Length; j++)
                dot += row[j] * direction[j];
            projected[i] = dot;
        }
    }
}
