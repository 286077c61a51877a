using MathNet.Numerics.LinearAlgebra;
using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Networks.Reference;

namespace Sweep.Diffusion.Diagnostics;

/// <summary>Some principal components of points: the first, second, fourth, eighth and so on, so that a few span all scales of the data.</summary>
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

    /// <exception cref="ArgumentException">No points.</exception>
    public static PrincipalAxes Of(PointSet points)
    {
        (double[] mean, Matrix<double> covariance) = PointMoments.Of(points);
        var eigen = covariance.Evd(Symmetricity.Symmetric);
        int[] falling = [.. Enumerable.Range(0, mean.Length).OrderByDescending(k => eigen.EigenValues[k].Real)], places = [.. PlacesOf(mean.Length)];
        return new PrincipalAxes(
            mean,
            places,
            [.. places.Select(p => Math.Max(0, eigen.EigenValues[falling[p - 1]].Real))],
            [.. places.Select(p => eigen.EigenVectors.Column(falling[p - 1]).ToArray())]);
    }

    /// <summary>A row's coordinate along a component, about the mean.</summary>
    internal double Along(int component, ReadOnlySpan<double> row)
    {
        double[] vector = Vectors[component];
        double sum = 0;
        for (int j = 0; j < vector.Length; j++)
            sum += vector[j] * (row[j] - Mean[j]);
        return sum;
    }
}
