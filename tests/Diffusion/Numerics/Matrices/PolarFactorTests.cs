using MathNet.Numerics.LinearAlgebra;
using Sweep.Diffusion.Numerics.Matrices;
using Xunit;

namespace Sweep.Tests.Diffusion.Numerics.Matrices;

/// <summary><see cref="PolarFactor"/> and <see cref="PositiveInverse"/> against decompositions.</summary>
public sealed class PolarFactorTests
{
    /// <summary>A condition below and above the singular values that the weights expect.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    [InlineData(24, 1e2)]
    [InlineData(70, 1e4)]
    [InlineData(70, 1e8)]
    [InlineData(133, 1e1)]
    public void Of_OfAnyCondition_IsOrthogonalAndNearest(int d, double condition)
    {
        double[] a = WithCondition(d, condition);
        double[] u = PolarFactor.Of(a, d)!;
        Matrix<double> matrix = Matrix<double>.Build.DenseOfRowMajor(d, d, a), factor = Matrix<double>.Build.DenseOfRowMajor(d, d, u);
        Assert.True((factor * factor.Transpose() - Matrix<double>.Build.DenseIdentity(d)).InfinityNorm() < Tolerances.Orthogonality * d);
        // The nearest orthogonal matrix is the one with which A U^T is symmetric and has no negative eigenvalue.
        Matrix<double> h = matrix * factor.Transpose();
        Assert.InRange((h - h.Transpose()).InfinityNorm(), 0, Tolerances.PolarFactor);
        Assert.InRange((h + h.Transpose()).Evd(Symmetricity.Symmetric).EigenValues.Min(v => v.Real), -Tolerances.PolarFactor, 2.1);
    }

    [Fact]
    public void Of_OfASingularMatrix_IsOrthogonalIfAnything()
    {
        double[] singular = BlockedProductTests.Random(30 * 30, 1);
        singular.AsSpan(0, 30).CopyTo(singular.AsSpan(30));
        if (PolarFactor.Of(singular, 30) is not { } u)
            return;
        Matrix<double> factor = Matrix<double>.Build.DenseOfRowMajor(30, 30, u);
        Assert.True((factor * factor.Transpose() - Matrix<double>.Build.DenseIdentity(30)).InfinityNorm() < Tolerances.Orthogonality * 30);
    }

    [Fact]
    public void Of_OfZerosOrNoNumbers_IsNothing()
    {
        Assert.Null(PolarFactor.Of(new double[4], 2));
        Assert.Null(PolarFactor.Of([1, double.NaN, 0, 1], 2));
        Assert.Null(PolarFactor.Of([1, double.PositiveInfinity, 0, 1], 2));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(150)]
    public void InPlace_OfAPositiveMatrix_IsItsInverse(int d)
    {
        Matrix<double> a = Matrix<double>.Build.DenseOfRowMajor(d, d, BlockedProductTests.Random(d * d, 2));
        Matrix<double> positive = (a * a.Transpose() / d) + Matrix<double>.Build.DenseIdentity(d);
        double[] inverse = positive.ToRowMajorArray();
        PositiveInverse.InPlace(inverse, d);
        Matrix<double> product = positive * Matrix<double>.Build.DenseOfRowMajor(d, d, inverse);
        Assert.True((product - Matrix<double>.Build.DenseIdentity(d)).InfinityNorm() < Tolerances.Orthogonality * d);
    }

    /// <summary>Singular values from 1 down to 1 / condition, in equal ratios.</summary>
    private static double[] WithCondition(int d, double condition)
    {
        var svd = Matrix<double>.Build.DenseOfRowMajor(d, d, BlockedProductTests.Random(d * d, 3)).Svd();
        var values = Matrix<double>.Build.DiagonalOfDiagonalArray(
            [.. Enumerable.Range(0, d).Select(i => d == 1 ? 1 : Math.Pow(condition, -(double)i / (d - 1)))]);
        return (svd.U * values * svd.VT).ToRowMajorArray();
    }
}
