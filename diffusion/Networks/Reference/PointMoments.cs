using MathNet.Numerics.LinearAlgebra;
using Sweep.Diffusion.Datasets;

namespace Sweep.Diffusion.Networks.Reference;

/// <summary>Mean and covariance (n in the denominator) of points.</summary>
internal static class PointMoments
{
    internal static (double[] Mean, Matrix<double> Covariance) Of(PointSet points)
    {
        ArgumentNullException.ThrowIfNull(points);
        if (points.Count == 0)
            throw new ArgumentException("training points: 0; allowed: at least 1", nameof(points));
        int d = points.Dimensions, n = points.Count;
        var mean = new double[d];
        for (int i = 0; i < n; i++)
        {
            var row = points.Row(i);
            for (int j = 0; j < d; j++)
                mean[j] += row[j];
        }

        for (int j = 0; j < d; j++)
            mean[j] /= n;
        var sums = new double[d * d];
        var difference = new double[d];
        for (int i = 0; i < n; i++)
        {
            var row = points.Row(i);
            for (int j = 0; j < d; j++)
                difference[j] = row[j] - mean[j];
            for (int j = 0; j < d; j++)
            {
                for (int m = 0; m <= j; m++)
                    sums[(j * d) + m] += difference[j] * difference[m];
            }
        }

        return (mean, Matrix<double>.Build.Dense(d, d, (i, j) => sums[(Math.Max(i, j) * d) + Math.Min(i, j)] / n));
    }
}
