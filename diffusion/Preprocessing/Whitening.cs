using MathNet.Numerics.LinearAlgebra;
using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Numerics;

namespace Sweep.Diffusion.Preprocessing;

/// <summary>
/// Principal-component whitening: z = L^(-1/2) V^T D^-1 (x - mean), with D the columns' standard deviations (ddof 0) and V L V^T their
/// correlation matrix, so that the columns' units don't matter. Components are ordered by decreasing eigenvalue, each with its largest loading positive. Also
/// the checks that every fit starts with.
/// </summary>
internal sealed class Whitening
{
    /// <summary>
    /// Smallest eigenvalue of the correlation matrix, relative to the largest: below it a direction is rounding, and the round trip could not keep 1e-9.
    /// </summary>
    private const double SmallestEigenvalue = 1e-12;

    /// <summary>Least square of a column's range: sums of squares below lose digits, and at 1e-308 the number itself.</summary>
    private const double SmallestSquare = 1e-280;

    /// <summary>Points that are whitened at a time, to stay in the cache.</summary>
    private const int Block = 512;

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
    /// <exception cref="PreprocessingException">Fewer than two points, a value that is not finite, a column that is constant, or too wide or narrow to be
    /// squared.</exception>
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
                    throw new PreprocessingException($"training point {i}, column {points.Column(j)}: {v}; allowed: finite numbers");
                low = Math.Min(low, v);
                high = Math.Max(high, v);
            }

            double size = Math.Max(Math.Abs(low), Math.Abs(high));
            if (!(high - low > 1e-14 * size))
                throw new PreprocessingException(
                    $"column {points.Column(j)} is constant in the {n} training points: {low:g6}; allowed: columns that vary (leave it out)");
            if (!double.IsFinite((high - low) * (high - low) * n))
                throw new PreprocessingException($"column {points.Column(j)} is too wide: {low:g3} to {high:g3}; allowed: a range whose square is finite");
            if ((high - low) * (high - low) < SmallestSquare)
                throw new PreprocessingException($"column {points.Column(j)} is too narrow: {low:g3} to {high:g3}; allowed: a range of at least "
                    + $"{Math.Sqrt(SmallestSquare):g1} (rescale it)");
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
                VectorSums.AddScaled(row[j], row.AsSpan(0, j + 1), correlation.AsSpan(j * d, j + 1));
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
                $"columns {points.ColumnsOf([.. involved])} are linearly dependent: "
                + $"eigenvalues of the correlation matrix from {values[d - 1]:g3} to {values[0]:g3}; "
                + $"allowed: a ratio above {SmallestEigenvalue:g1} (leave one of them out, or use preprocessing standardize or marginal)");
        }

        return new Whitening(mean, deviation, values, vectors);
    }

    /// <summary>The whitened training points, one component after the other: (d, n).</summary>
    public double[] Components(PointSet points)
    {
        int d = points.Dimensions, n = points.Count;
        ReadOnlySpan<double> whiten = Map(null).Matrix;
        var result = new double[d * n];
        var centred = new double[d * Block];
        for (int start = 0; start < n; start += Block)
        {
            int length = Math.Min(Block, n - start);
            for (int j = 0; j < d; j++)
            {
                for (int i = 0; i < length; i++)
                    centred[(j * Block) + i] = points.Values[((start + i) * d) + j] - Mean[j];
            }

            for (int k = 0; k < d; k++)
            {
                for (int j = 0; j < d; j++)
                    VectorSums.AddScaled(whiten[(k * d) + j], centred.AsSpan(j * Block, length), result.AsSpan((k * n) + start, length));
            }
        }

        return result;
    }

    /// <summary>The first column of <see cref="Map"/>'s matrix: each component's loading on column 0.</summary>
    public double[] FirstLoadings(double[] rotation)
    {
        int d = Mean.Length;
        var loadings = new double[d];
        for (int r = 0; r < d; r++)
        {
            double sum = 0;
            for (int k = 0; k < d; k++)
                sum += rotation[(r * d) + k] / Math.Sqrt(Eigenvalues[k]) * Vectors[k];
            loadings[r] = sum / Deviation[0];
        }

        return loadings;
    }

    /// <summary>The whole linear map, followed by an orthogonal matrix.</summary>
    /// <param name="rotation">W, row-major (d, d); null for the identity.</param>
    public AffineLayer Map(double[]? rotation)
    {
        int d = Mean.Length;
        double[] forward = new double[d * d], inverse = new double[d * d], directions = new double[d * d];
        for (int j = 0; j < d; j++)
        {
            for (int k = 0; k < d; k++)
                directions[(k * d) + j] = Vectors[(j * d) + k];
        }

        double[] scales = Array.ConvertAll(Eigenvalues, Math.Sqrt), back = new double[d];
        for (int r = 0; r < d; r++)
        {
            Span<double> row = forward.AsSpan(r * d, d);
            Array.Clear(back);
            for (int k = rotation is null ? r : 0; k < (rotation is null ? r + 1 : d); k++)
            {
                double w = rotation is null ? 1 : rotation[(r * d) + k];
                VectorSums.AddScaled(w / scales[k], directions.AsSpan(k * d, d), row);
                VectorSums.AddScaled(w * scales[k], directions.AsSpan(k * d, d), back);
            }

            for (int j = 0; j < d; j++)
            {
                row[j] /= Deviation[j];
                inverse[(j * d) + r] = back[j] * Deviation[j];
            }
        }

        double nats = 0;
        for (int k = 0; k < d; k++)
            nats -= Math.Log(Deviation[k]) + (0.5 * Math.Log(Eigenvalues[k]));
        return new AffineLayer(Mean, forward, inverse, nats);
    }
}
