using MathNet.Numerics.LinearAlgebra;
using Sweep.Diffusion.Datasets;

namespace Sweep.Diffusion.Networks.Reference;

/// <summary>
/// How far a covariance of few points is drawn towards the identity: the share that has the least expected squared error, estimated from the points (Ledoit and
/// Wolf, J. Multivariate Anal. 88, 2004, lemma 3.3 to 3.5). The shrunk covariance is (1 - share) S + share (tr S / d) I.
/// </summary>
public static class Shrinkage
{
    /// <param name="points">n points of d coordinates.</param>
    /// <param name="mean">(d), theirs.</param>
    /// <param name="covariance">(d, d), theirs about the mean, n in the denominator.</param>
    /// <returns>From 0 (many points) to 1 (nothing but the mean variance is known); 0 where the covariance is the identity's multiple.</returns>
    public static double Share(PointSet points, double[] mean, Matrix<double> covariance)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(covariance);
        double meanVariance = covariance.Trace() / mean.Length, squares = covariance.PointwiseMultiply(covariance).RowSums().Sum();
        double apart = squares - (mean.Length * meanVariance * meanVariance);
        if (!(apart > 0))
            return 0;

        // sum |x x^T - S|^2 = sum |x|^4 - n |S|^2, as S is the mean of x x^T.
        double fourth = 0;
        for (int row = 0; row < points.Count; row++)
        {
            ReadOnlySpan<double> x = points.Row(row);
            double squared = 0;
            for (int j = 0; j < mean.Length; j++)
                squared += (x[j] - mean[j]) * (x[j] - mean[j]);
            fourth += squared * squared;
        }

        double error = ((fourth / points.Count) - squares) / points.Count;
        return Math.Clamp(error / apart, 0, 1);
    }
}
