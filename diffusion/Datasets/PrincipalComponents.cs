using MathNet.Numerics.LinearAlgebra;

namespace Sweep.Diffusion.Datasets;

/// <summary>The directions in which points vary most: the leading eigenvectors of their covariance.</summary>
public sealed class PrincipalComponents
{
    private PrincipalComponents(double[] mean, double[][] directions, double explained) => (Mean, Directions, Explained) = (mean, directions, explained);

    /// <summary>Of the points, in data units.</summary>
    public IReadOnlyList<double> Mean { get; }

    /// <summary>(count, dimensions), unit length, most variance first. The largest entry of each is positive, so that a picture keeps its sides.</summary>
    public IReadOnlyList<IReadOnlyList<double>> Directions { get; }

    /// <summary>Their share of the points' variance, 0 to 1; 1 where nothing varies.</summary>
    public double Explained { get; }

    /// <param name="points">At least one.</param>
    /// <param name="count">How many directions, at most the dimensions.</param>
    public static PrincipalComponents Of(PointSet points, int count)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentOutOfRangeException.ThrowIfZero(points.Count, nameof(points));
        int d = points.Dimensions;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, d);
        double[] mean = [.. Enumerable.Range(0, d).Select(j => Enumerable.Range(0, points.Count).Average(i => points.Row(i)[j]))];
        Matrix<double> centred = Matrix<double>.Build.Dense(points.Count, d, (i, j) => points.Row(i)[j] - mean[j]);
        var spectrum = centred.TransposeThisAndMultiply(centred).Evd(Symmetricity.Symmetric);
        double all = spectrum.EigenValues.Sum(v => v.Real);
        double[][] directions = [.. Enumerable.Range(1, count).Select(k => Signed(spectrum.EigenVectors.Column(d - k)))];
        double leading = Enumerable.Range(1, count).Sum(k => spectrum.EigenValues[d - k].Real);
        return new PrincipalComponents(mean, directions, all > 0 ? Math.Min(1, leading / all) : 1);
    }

    /// <summary>Coordinates along the directions, from the mean.</summary>
    /// <param name="rows">Row-major (count, dimensions).</param>
    /// <returns>Row-major (count, directions).</returns>
    public double[] Project(ReadOnlySpan<double> rows)
    {
        int d = Mean.Count, count = rows.Length / d;
        double[] places = new double[count * Directions.Count];
        for (int i = 0; i < count; i++)
        {
            for (int k = 0; k < Directions.Count; k++)
            {
                double sum = 0;
                for (int j = 0; j < d; j++)
                    sum += (rows[(i * d) + j] - Mean[j]) * Directions[k][j];
                places[(i * Directions.Count) + k] = sum;
            }
        }

        return places;
    }

    private static double[] Signed(Vector<double> vector)
    {
        double sign = vector[vector.AbsoluteMaximumIndex()] < 0 ? -1 : 1;
        return [.. vector.Select(v => sign * v)];
    }
}
