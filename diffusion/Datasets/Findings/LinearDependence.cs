using System.Numerics.Tensors;

namespace Sweep.Diffusion.Datasets.Findings;

/// <summary>
/// Finds columns that follow linearly from others: the pivoted Cholesky decomposition of the correlation matrix, whose remaining diagonal is the share of a
/// column's variance that those before it do not explain (Golub and Van Loan, Matrix Computations, 4.2.8).
/// </summary>
internal static class LinearDependence
{
    /// <param name="columns">One array per column, of equal lengths; none constant.</param>
    /// <param name="unexplained">Share of its variance up to which a column counts as following from others.</param>
    /// <returns>By column the columns that it follows from, in order, and the share that they leave.</returns>
    internal static IReadOnlyList<(int Column, IReadOnlyList<int> From, double Unexplained)> Find(double[][] columns, double unexplained)
    {
        int d = columns.Length;
        double[][] standard = Array.ConvertAll(columns, Standardize);
        // A column that is constant in these rows is not a pivot, and follows from none.
        double[] left = [.. standard.Select(c => c.Length > 0 && TensorPrimitives.SumOfSquares<double>(c) > 0 ? 1.0 : double.NegativeInfinity)];
        // Row k: the k-th pivot's column of the factor.
        var factor = new List<double[]>();
        var pivots = new List<int>();
        while (pivots.Count < d)
        {
            int pivot = Enumerable.Range(0, d).Except(pivots).MaxBy(j => left[j]);
            if (left[pivot] <= unexplained)
                break;
            double[] line = new double[d];
            double root = Math.Sqrt(left[pivot]);
            for (int j = 0; j < d; j++)
            {
                double product = TensorPrimitives.Dot<double>(standard[pivot], standard[j]);
                foreach (double[] earlier in factor)
                    product -= earlier[pivot] * earlier[j];
                line[j] = product / root;
            }

            for (int j = 0; j < d; j++)
                left[j] -= line[j] * line[j];
            factor.Add(line);
            pivots.Add(pivot);
        }

        return [.. Enumerable.Range(0, d).Except(pivots).Where(j => double.IsFinite(left[j])).Select(j => (j, From(j), Math.Max(0, left[j])))];

        // The regression on the pivots: back substitution in the triangle that they form.
        IReadOnlyList<int> From(int column)
        {
            double[] weights = new double[pivots.Count];
            for (int k = pivots.Count - 1; k >= 0; k--)
            {
                double sum = factor[k][column];
                for (int m = k + 1; m < pivots.Count; m++)
                    sum -= factor[k][pivots[m]] * weights[m];
                weights[k] = sum / factor[k][pivots[k]];
            }

            // In standard deviations; below it is rounding.
            const double Negligible = 1e-4;
            return [.. Enumerable.Range(0, pivots.Count).Where(k => Math.Abs(weights[k]) > Negligible).Select(k => pivots[k]).Order()];
        }
    }

    /// <summary>Mean 0, length 1.</summary>
    private static double[] Standardize(double[] column)
    {
        double mean = TensorPrimitives.Average<double>(column);
        double[] centred = new double[column.Length];
        TensorPrimitives.Subtract(column, mean, centred);
        double length = TensorPrimitives.Norm<double>(centred);
        if (length > 0)
            TensorPrimitives.Divide(centred, length, centred);
        return centred;
    }
}
