using MathNet.Numerics.LinearAlgebra;
using Sweep.Diffusion.Datasets;

namespace Sweep.Diffusion.Preprocessing;

/// <summary>
/// Principal-component whitening: z = L^(-1/2) V^T D^-1 (x - mean), with D the columns' standard deviations (ddof 0) and V L V^T their
/// correlation matrix, so that the columns' units don't matter. Components are ordered by decreasing eigenvalue, each with its largest loading positive. Also the
/// checks that every fit starts with.
/// </summary>
internal sealed class Whitening
{
    /// <summary>
    /// Smallest eigenvalue of the correlation matrix, relative to the largest: below it a direction is rounding, and the round trip could not keep 1e-9.
    /// </summary>
    private const double SmallestEigenvalue = 1e-12;

    private Whitening(double[] mean, double[] deviation, double[] eigenvalues, double[] vectors)
    {
        Mean = mean;
        Deviation = deviation;
        Eigenvalues = eigenvalues;
        Vectors = vectors;
    }

    /// <summary>(d)</summary>
    public double[] Mean { get; }

    /// <summary>Standard deviations with n in the denominator, (d).</summary>
    public double[] Deviation { get; }

    /// <summary>Of the correlation matrix, decreasing, (d).</summary>
    public double[] Eigenvalues { get; }

    /// <summary>V, row-major (d, d): column k is eigenvector k.</summary>
    public double[] Vectors { get; }

    /// <summary>Throws unless the points are finite and every column varies.</summary>
    /// <exception cref="PreprocessingException">Fewer than two points, a value that is not finite, a constant column.</exception>
    public static void Check(PointSet points)
    {
        int d = points.Dimensions, n = points.Count;
        if (n < 2)
            throw new PreprocessingException($"too few training points: {n}; allowed: at least 2");
        for (int j = 0; j < d; j++)
        {
            double low = double.PositiveInfinity, high = double.NegativeInfinity;
            for (int i = 0; i < n; i++)
            {
                double v = points.Values[(i * d) + j];
                if (!double.IsFinite(v))
                    throw new PreprocessingException($"training point {i}, column {j} (both from 0): {v}; allowed: finite numbers");
                low = Math.Min(low, v);
                high = Math.Max(high, v);
            }

            double size = Math.Max(Math.Abs(low), Math.Abs(high));
            if (!(high - low > 1e-14 * size))
                throw new PreprocessingException($"column {j} (of {d}, from 0) is constant: {low}; allowed: columns that vary (leave it out)");
            if (!double.IsFinite((high - low) * (high - low) * n))
                throw new PreprocessingException($"column {j} (of {d}, from 0) is too wide: {low} to {high}; allowed: a range whose square is finite");
        }
    }

    /// <summary>Mean and standard deviation (ddof 0) of each column, by the corrected two-pass algorithm.</summary>
    public static (double[] Mean, double[] Deviation) Moments(PointSet points)
    {
        int d = points.Dimensions, n = points.Count;
        var mean = new double[d];
        var deviation = new double[d];
        for (int j = 0; j < d; j++)
        {
            double first = points.Values[j], sum = 0;
            for (int i = 0; i < n; i++)
                sum += points.Values[(i * d) + j] - first;
            mean[j] = first + (sum / n);
            double square = 0, rest = 0;
            for (int i = 0; i < n; i++)
            {
                double v = points.Values[(i * d) + j] - mean[j];
                square += v * v;
                rest += v;
            }

            deviation[j] = Math.Sqrt((square - (rest * rest / n)) / n);
        }

        return (mean, deviation);
    }

    /// <summary>Fits on checked points.</summary>
    /// <exception cref="PreprocessingException">The columns are linearly dependent.</exception>
    public static Whitening Fit(PointSet points)
    {
        int d = points.Dimensions, n = points.Count;
        if (n <= d)
            throw new PreprocessingException($"too few training points for {d} columns: {n}; allowed: more points than columns");
        var (mean, deviation) = Moments(points);
        var correlation = new double[d * d];
        var row = new double[d];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < d; j++)
                row[j] = (points.Values[(i * d) + j] - mean[j]) / deviation[j];
            for (int j = 0; j < d; j++)
            {
                var line = correlation.AsSpan(j * d, j + 1);
                double v = row[j];
                for (int k = 0; k < line.Length; k++)
                    line[k] += v * row[k];
            }
        }

        var matrix = Matrix<double>.Build.Dense(d, d, (j, k) => correlation[(Math.Max(j, k) * d) + Math.Min(j, k)] / n);
        var evd = matrix.Evd(Symmetricity.Symmetric);
        var values = new double[d];
        var vectors = new double[d * d];
        for (int k = 0; k < d; k++)
        {
            int from = d - 1 - k; // MathNet orders increasingly
            values[k] = evd.EigenValues[from].Real;
            int largest = 0;
            for (int j = 1; j < d; j++)
            {
                if (Math.Abs(evd.EigenVectors[j, from]) > Math.Abs(evd.EigenVectors[largest, from]))
                    largest = j;
            }

            double sign = evd.EigenVectors[largest, from] < 0 ? -1 : 1;
            for (int j = 0; j < d; j++)
                vectors[(j * d) + k] = sign * evd.EigenVectors[j, from];
        }

        if (!(values[d - 1] > SmallestEigenvalue * values[0]))
        {
            var involved = Enumerable.Range(0, d).Where(j => Math.Abs(vectors[(j * d) + d - 1]) > 0.05);
            throw new PreprocessingException(
                $"columns {string.Join(", ", involved)} (of {d}, from 0) are linearly dependent: eigenvalues of the correlation matrix from {values[d - 1]:g3} to {values[0]:g3}; "
                + $"allowed: a ratio above {SmallestEigenvalue:g1} (leave one of them out, or use preprocessing standardize or marginal)");
        }

        return new Whitening(mean, deviation, values, vectors);
    }

    /// <summary>The whitened training points, one component after the other: (d, n).</summary>
    public double[] Components(PointSet points)
    {
        int d = points.Dimensions, n = points.Count;
        double[] whiten = Map(null).Matrix.ToArray();
        var result = new double[d * n];
        var row = new double[d];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < d; j++)
                row[j] = points.Values[(i * d) + j] - Mean[j];
            for (int k = 0; k < d; k++)
            {
                double sum = 0;
                for (int j = 0; j < d; j++)
                    sum += whiten[(k * d) + j] * row[j];
                result[(k * n) + i] = sum;
            }
        }

        return result;
    }

    /// <summary>The whole linear map, followed by an orthogonal matrix.</summary>
    /// <param name="rotation">W, row-major (d, d); null for the identity.</param>
    public AffineLayer Map(double[]? rotation)
    {
        int d = Mean.Length;
        var forward = new double[d * d];
        var inverse = new double[d * d];
        for (int r = 0; r < d; r++)
        {
            for (int j = 0; j < d; j++)
            {
                double f = 0, b = 0;
                for (int k = 0; k < d; k++)
                {
                    double w = rotation is null ? (r == k ? 1 : 0) : rotation[(r * d) + k];
                    double scale = Math.Sqrt(Eigenvalues[k]);
                    f += w / scale * Vectors[(j * d) + k];
                    b += w * scale * Vectors[(j * d) + k];
                }

                forward[(r * d) + j] = f / Deviation[j];
                inverse[(j * d) + r] = b * Deviation[j];
            }
        }

        double nats = 0;
        for (int k = 0; k < d; k++)
            nats -= Math.Log(Deviation[k]) + (0.5 * Math.Log(Eigenvalues[k]));
        return new AffineLayer(Mean, forward, inverse, nats);
    }
}
