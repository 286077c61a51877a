using MathNet.Numerics.LinearAlgebra;
using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Schedules;

namespace Sweep.Diffusion.Samplers;

/// <summary>
/// Analytical teleportation (Wang and Vastola, arXiv 2412.09726): the first part of the probability flow in closed form, for a Gaussian with the data's mean mu
/// and covariance sum lambda_k u_k u_k^T. With y = x / alpha, y(sigma) = mu + sum_k sqrt((lambda_k + sigma^2) / (lambda_k + sigma_max^2)) u_k u_k^T
/// (y(sigma_max) - mu): at much noise every score is nearly that of this Gaussian. Then any sampler goes on from there. Immutable and thread-safe.
/// </summary>
public sealed class Teleportation
{
    private readonly Vector<double> _mean;

    /// <summary>Columns are eigenvectors, (d, d).</summary>
    private readonly Matrix<double> _directions;

    /// <summary>(d)</summary>
    private readonly double[] _variances;

    /// <param name="mean">(d).</param>
    /// <param name="covariance">(d, d), symmetric, positive semidefinite.</param>
    /// <exception cref="ArgumentException">The shapes do not fit.</exception>
    public Teleportation(double[] mean, double[,] covariance)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentNullException.ThrowIfNull(covariance);
        if (covariance.GetLength(0) != mean.Length || covariance.GetLength(1) != mean.Length || mean.Length == 0)
            throw new ArgumentException($"a covariance of {covariance.GetLength(0)} x {covariance.GetLength(1)}; allowed: {mean.Length} x {mean.Length}",
                nameof(covariance));
        _mean = Vector<double>.Build.DenseOfArray(mean);
        var eigen = Matrix<double>.Build.DenseOfArray(covariance).Evd(Symmetricity.Symmetric);
        _directions = eigen.EigenVectors;

        // Rounding may leave a variance of 0 a little below.
        _variances = [.. eigen.EigenValues.Select(v => Math.Max(0, v.Real))];
        SigmaData = Math.Sqrt(_variances.Average());
    }

    /// <summary>The data's standard deviation over all directions: the root of the covariance's mean eigenvalue.</summary>
    public double SigmaData { get; }

    /// <summary>From the mean and covariance (n in the denominator) of training points in the space that the model works in.</summary>
    /// <exception cref="ArgumentException">No points.</exception>
    public static Teleportation Of(PointSet training)
    {
        ArgumentNullException.ThrowIfNull(training);
        if (training.Count == 0)
            throw new ArgumentException("no training points; allowed: 1 or more", nameof(training));
        Matrix<double> rows = Matrix<double>.Build.Dense(training.Dimensions, training.Count, training.Values).Transpose();
        Vector<double> mean = rows.ColumnSums() / training.Count;
        Matrix<double> centred = rows - Matrix<double>.Build.Dense(training.Count, training.Dimensions, (_, j) => mean[j]);
        return new Teleportation([.. mean], (centred.TransposeThisAndMultiply(centred) / training.Count).ToArray());
    }

    /// <summary>Replaces the first part of a grid.</summary>
    /// <param name="target">How far to go.</param>
    /// <param name="schedule">The schedule whose scaling the grid has.</param>
    /// <param name="grid">The levels, from the most noise.</param>
    /// <param name="initial">Row-major (n, d), at grid[0]; not changed.</param>
    /// <exception cref="Kinds.KindException">The target's sigma is outside the grid.</exception>
    public Teleported Apply(TeleportTarget target, ISchedule schedule, IReadOnlyList<NoiseLevel> grid, double[] initial)
    {
        ArgumentNullException.ThrowIfNull(target);
        SamplerArguments.RequireGrid(grid);
        NoiseLevel[] remaining = target.Remaining(schedule, grid);
        return new Teleported
        {
            Grid = target.Regrid && remaining.Length > 1 ? TeleportTarget.Respaced(schedule, remaining, grid.Count - 1) : remaining,
            Initial = Flow(initial, grid[0], remaining[0]),
            SkippedSteps = grid.Count - remaining.Length,
            SigmaSkip = remaining[0].Sigma,
            SigmaSkipOverSigmaData = remaining[0].Sigma / SigmaData,
        };
    }

    /// <summary>The Gaussian's probability flow between two levels.</summary>
    /// <param name="x">Row-major (n, d), at <paramref name="from"/>; not changed.</param>
    /// <param name="from">The level of x.</param>
    /// <param name="to">The level of the result.</param>
    public double[] Flow(double[] x, NoiseLevel from, NoiseLevel to)
    {
        ArgumentNullException.ThrowIfNull(x);
        int d = _mean.Count;
        if (x.Length % d != 0)
            throw new ArgumentException($"x of {x.Length} values; allowed: rows of {d}", nameof(x));
        if (from == to)
            return [.. x];
        Vector<double> factors = Vector<double>.Build.Dense(
            d, k => Math.Sqrt((_variances[k] + (to.Sigma * to.Sigma)) / (_variances[k] + (from.Sigma * from.Sigma))));
        Matrix<double> flow = _directions * Matrix<double>.Build.DiagonalOfDiagonalVector(factors) * _directions.Transpose();

        // x' = alpha' (mu + F (x / alpha - mu)).
        double scale = to.Signal / from.Signal;
        Vector<double> shift = to.Signal * (_mean - (flow * _mean));
        var result = new double[x.Length];
        for (int row = 0; row < x.Length; row += d)
        {
            for (int i = 0; i < d; i++)
            {
                double sum = 0;
                for (int j = 0; j < d; j++)
                    sum += flow[i, j] * x[row + j];
                result[row + i] = shift[i] + (scale * sum);
            }
        }

        return result;
    }
}
