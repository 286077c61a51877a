using MathNet.Numerics.LinearAlgebra;
using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Networks.Reference;
using Sweep.Diffusion.Numerics;
using Xunit;

namespace Sweep.Tests.Diffusion.Networks.Reference;

public sealed class ShrinkageTests
{
    /// <summary>Ledoit and Wolf's definition term by term: mean squared distance of x x^T from S, over n, beside that of S from the identity.</summary>
    [Theory]
    [InlineData(12, 5, 3)]
    [InlineData(200, 4, 1)]
    [InlineData(7, 9, 2)]
    public void Share_OfPoints_IsTheDefinition(int n, int d, double stretch)
    {
        PointSet points = Points(n, d, stretch);
        (double[] mean, Matrix<double> covariance) = Moments(points);
        Matrix<double> identity = Matrix<double>.Build.DenseIdentity(d) * (covariance.Trace() / d);
        double apart = Math.Pow((covariance - identity).FrobeniusNorm(), 2), error = 0;
        for (int i = 0; i < n; i++)
        {
            Vector<double> x = Vector<double>.Build.DenseOfArray(points.Row(i).ToArray()) - Vector<double>.Build.DenseOfArray(mean);
            error += Math.Pow((x.OuterProduct(x) - covariance).FrobeniusNorm(), 2) / n / n;
        }

        Assert.Equal(Math.Min(1, error / apart), Shrinkage.Share(points, mean, covariance), Tolerances.ReferenceRelative);
    }

    /// <summary>Many points of very different variances need no help; few of equal ones nothing else.</summary>
    [Fact]
    public void Share_Always_FallsWithThePointsAndTheSpreadOfTheirVariances()
    {
        PointSet many = Points(4000, 6, 4), few = Points(10, 40, 0);
        (double[] meanOfMany, Matrix<double> ofMany) = Moments(many);
        (double[] meanOfFew, Matrix<double> ofFew) = Moments(few);
        Assert.InRange(Shrinkage.Share(many, meanOfMany, ofMany), 1e-5, 0.01);
        Assert.InRange(Shrinkage.Share(few, meanOfFew, ofFew), 0.5, 1);
    }

    [Fact]
    public void Share_OfTheIdentitysMultiple_IsNone() =>
        Assert.Equal(0, Shrinkage.Share(new PointSet([1, 0, -1, 0, 0, 1, 0, -1], 2), [0, 0], Matrix<double>.Build.DenseIdentity(2) / 2));

    internal static PointSet Points(int n, int d, double stretch)
    {
        double[] values = new double[n * d];
        new PhiloxStream(5, NoisePurpose.TrainingPoints).FillNormal(values);
        for (int i = 0; i < values.Length; i++)
            values[i] = 1 + (values[i] * (1 + (stretch * (i % d) / d)));
        return new PointSet(values, d);
    }

    internal static (double[] Mean, Matrix<double> Covariance) Moments(PointSet points)
    {
        Matrix<double> rows = Matrix<double>.Build.Dense(points.Dimensions, points.Count, points.Values).Transpose();
        Vector<double> mean = rows.ColumnSums() / points.Count;
        Matrix<double> centred = Matrix<double>.Build.Dense(points.Count, points.Dimensions, (i, j) => rows[i, j] - mean[j]);
        return ([.. mean], centred.TransposeThisAndMultiply(centred) / points.Count);
    }
}
