using System.Numerics;
using System.Runtime.InteropServices;
using Sweep.Diffusion.Datasets;

namespace Sweep.Diffusion.Metrics;

/// <summary>
/// The energy distance 2 E|a - b| - E|a - a'| - E|b - b'| (Székely and Rizzo, "Energy statistics", J. Stat. Plann. Inference 143, 2013), in the data's unit.
/// Unbiased: the within-set means leave out a point's distance to itself, so two sets of one distribution give 0 on average and often less.
/// </summary>
public sealed class EnergyDistance : IMeasuredMetric
{
    public const string Key = "energy_distance";

    /// <summary>Rows of b per block: with d up to 16 a block stays in the first-level cache.</summary>
    private const int BlockRows = 256;

    public string Name => Key;

    public string Label => "Energy distance";

    public MetricBetter Better => MetricBetter.Lower;

    public string Explanation => "Between the samples and fresh true samples; the truth level is that of two true sets, 0 on average.";

    public Measurement Measure(MetricSubject subject)
    {
        if (subject.Broken is { } broken)
            return Measurement.None(broken);
        (PointSet samples, MetricTruth truth) = (subject.Samples, subject.Truth);
        double distance = subject.DistanceSums is { } sums
            ? UnbiasedOfSums(sums.Cross, sums.Own, samples.Count, truth.Test.Count, truth.WithinTest)
            : UnbiasedGivenWithin(samples.Values, truth.Test.Values, samples.Dimensions, truth.WithinTest);
        return Measurement.Of(distance, "overflow");
    }

    public double? TruthLevel(MetricTruth truth) => UnbiasedGivenWithin(truth.Fresh.Values, truth.Test.Values, truth.Test.Dimensions, truth.WithinTest);

    /// <param name="a">(n, d) row-major, n at least 2.</param>
    /// <param name="b">(m, d) row-major, m at least 2.</param>
    /// <param name="dimensions">d.</param>
    /// <returns>The distance; NaN when a coordinate is not finite.</returns>
    public static double Unbiased(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int dimensions) =>
        UnbiasedGivenWithin(a, b, dimensions, WithinMean(b, dimensions));

    /// <summary>
    /// The same, given <see cref="WithinMean"/> of b: a trial compares many sets with one test set.
    /// </summary>
    public static double UnbiasedGivenWithin(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int dimensions, double withinMeanOfB)
    {
        double n = MetricRows.Count(a, dimensions, 2, nameof(a)), m = MetricRows.Count(b, dimensions, 2, nameof(b));
        if (!MetricRows.AllFinite(a) || !MetricRows.AllFinite(b))
            return double.NaN;
        return (2 * CrossSum(a, b, dimensions) / (n * m)) - WithinMean(a, dimensions) - withinMeanOfB;
    }

    /// <summary>The same from sums of distances that something else took.</summary>
    /// <param name="crossSum">Over all pairs of a row of a and one of b.</param>
    /// <param name="withinSumOfA">Over all ordered pairs of rows of a.</param>
    /// <param name="n">Rows of a, at least 2.</param>
    /// <param name="m">Rows of b.</param>
    /// <param name="withinMeanOfB"><see cref="WithinMean"/> of b.</param>
    public static double UnbiasedOfSums(double crossSum, double withinSumOfA, int n, int m, double withinMeanOfB) =>
        (2 * crossSum / ((double)n * m)) - (withinSumOfA / ((double)n * (n - 1))) - withinMeanOfB;

    /// <summary>The mean distance between two different points of one set (n, d), n at least 2; NaN when a coordinate is not finite.</summary>
    public static double WithinMean(ReadOnlySpan<double> points, int dimensions)
    {
        double n = MetricRows.Count(points, dimensions, 2, nameof(points));
        if (!MetricRows.AllFinite(points))
            return double.NaN;

        // Each unordered pair once: full blocks above the diagonal, plus half the diagonal blocks (whose own diagonals are 0).
        int rows = (int)n;
        double upper = 0, diagonal = 0;
        for (int first = 0; first < rows; first += BlockRows)
        {
            int count = Math.Min(BlockRows, rows - first);
            ReadOnlySpan<double> block = points.Slice(first * dimensions, count * dimensions);
            diagonal += CrossSum(block, block, dimensions);
            upper += CrossSum(points[((first + count) * dimensions)..], block, dimensions);
        }

        return ((2 * upper) + diagonal) / (n * (n - 1));
    }

    /// <summary>The sum of all distances between rows of a and rows of b. Lanes are rows of b.</summary>
    private static double CrossSum(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int d)
    {
        int width = Vector<double>.Count, rowsA = a.Length / d, rowsB = b.Length / d;
        int blockRows = Math.Min(BlockRows, rowsB);
        Span<Vector<double>> block = new Vector<double>[Math.Max(1, blockRows / width) * d];
        double sum = 0;
        for (int first = 0; first < rowsB; first += BlockRows)
        {
            int count = Math.Min(BlockRows, rowsB - first);
            int groups = count / width;
            Transpose(b.Slice(first * d, groups * width * d), d, block);
            Vector<double> lanes = Vector<double>.Zero;
            for (int i = 0; i < rowsA; i++)
            {
                ReadOnlySpan<double> row = a.Slice(i * d, d);
                int group = 0;
                for (; group + 1 < groups; group += 2)
                {
                    Vector<double> even = Vector<double>.Zero, odd = Vector<double>.Zero;
                    ReadOnlySpan<Vector<double>> pair = block.Slice(group * d, 2 * d);
                    for (int j = 0; j < row.Length; j++)
                    {
                        var coordinate = new Vector<double>(row[j]);
                        Vector<double> differenceEven = coordinate - pair[j], differenceOdd = coordinate - pair[j + d];
                        even = Vector.MultiplyAddEstimate(differenceEven, differenceEven, even);
                        odd = Vector.MultiplyAddEstimate(differenceOdd, differenceOdd, odd);
                    }

                    lanes += Vector.SquareRoot(even) + Vector.SquareRoot(odd);
                }

                for (; group < groups; group++)
                {
                    Vector<double> squares = Vector<double>.Zero;
                    for (int j = 0; j < row.Length; j++)
                    {
                        Vector<double> difference = new Vector<double>(row[j]) - block[(group * d) + j];
                        squares = Vector.MultiplyAddEstimate(difference, difference, squares);
                    }

                    lanes += Vector.SquareRoot(squares);
                }
            }

            sum += Vector.Sum(lanes) + ScalarSum(a, b.Slice((first + (groups * width)) * d, (count - (groups * width)) * d), d);
        }

        return sum;
    }

    /// <summary>The plain form: the remainder of a vector's width, and the reference for the rest.</summary>
    internal static double ScalarSum(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int d)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i += d)
        {
            for (int k = 0; k < b.Length; k += d)
            {
                double squares = 0;
                for (int j = 0; j < d; j++)
                    squares += (a[i + j] - b[k + j]) * (a[i + j] - b[k + j]);
                sum += Math.Sqrt(squares);
            }
        }

        return sum;
    }

    /// <summary>Rows (g width, d) to (g, d, width): lanes are rows.</summary>
    private static void Transpose(ReadOnlySpan<double> rows, int d, Span<Vector<double>> groups)
    {
        int width = Vector<double>.Count;
        Span<double> flat = MemoryMarshal.Cast<Vector<double>, double>(groups);
        for (int i = 0; i < rows.Length / d; i++)
        {
            for (int j = 0; j < d; j++)
                flat[(((i / width * d) + j) * width) + (i % width)] = rows[(i * d) + j];
        }
    }
}
