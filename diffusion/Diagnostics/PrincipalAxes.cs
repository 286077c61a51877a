using MathNet.Numerics.LinearAlgebra;
using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Networks.Reference;

namespace Sweep.Diffusion.Diagnostics;

/// <summary>Some principal components of points. The largest entry of each is positive, so that what is drawn along them keeps its sides.</summary>
/// <param name="Mean">(d).</param>
/// <param name="Places">Which components, from 1, ascending.</param>
/// <param name="Variances">Of each, descending.</param>
/// <param name="Vectors">Of each, (d), of length 1.</param>
public sealed record PrincipalAxes(double[] Mean, IReadOnlyList<int> Places, IReadOnlyList<double> Variances, IReadOnlyList<double[]> Vectors)
{
    /// <summary>The components that data of d dimensions are looked at along: the powers of two up to d.</summary>
    public static IEnumerable<int> PlacesOf(int dimensions)
    {
        for (int place = 1; place <= dimensions; place *= 2)
            yield return place;
    }

    /// <summary>The components' share of the points' variance, 0 to 1; 1 where nothing varies.</summary>
    public required double Explained { get; init; }

    /// <summary>The first, second, fourth, eighth and so on, so that a few span all scales of the data.</summary>
    /// <exception cref="ArgumentException">No points.</exception>
    public static PrincipalAxes Of(PointSet points)
    {
        ArgumentNullException.ThrowIfNull(points);
        return Of(points, [.. PlacesOf(points.Dimensions)]);
    }

    /// <param name="points">At least one.</param>
    /// <param name="places">Which components, from 1, ascending, at most the dimensions.</param>
    /// <exception cref="ArgumentException">No points.</exception>
    public static PrincipalAxes Of(PointSet points, IReadOnlyList<int> places)
    {
        (double[] mean, Matrix<double> covariance) = PointMoments.Of(points);
        var eigen = covariance.Evd(Symmetricity.Symmetric);
        double[] all = [.. eigen.EigenValues.Select(v => Math.Max(0, v.Real))];
        int[] falling = [.. Enumerable.Range(0, mean.Length).OrderByDescending(k => all[k])];
        double[] variances = [.. places.Select(p => all[falling[p - 1]])];
        return new PrincipalAxes(mean, places, variances, [.. places.Select(p => Signed(eigen.EigenVectors.Column(falling[p - 1]).ToArray()))])
        {
            Explained = all.Sum() is > 0 and var sum ? Math.Min(1, variances.Sum() / sum) : 1,
        };
    }

    /// <summary>A row's coordinate along a component, about the mean.</summary>
    public double Along(int component, ReadOnlySpan<double> row)
    {
        double[] vector = Vectors[component];
        double sum = 0;
        for (int j = 0; j < vector.Length; j++)
            sum += vector[j] * (row[j] - Mean[j]);
        return sum;
    }

    private static double[] Signed(double[] vector) => vector.MaxBy(Math.Abs) < 0 ? Array.ConvertAll(vector, v => -v) : vector;
}
