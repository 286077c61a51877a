using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Numerics.Matrices;
using Xunit;

namespace Sweep.Tests.Diffusion.Numerics.Matrices;

/// <summary><see cref="BlockedProduct"/> against a loop, on tiles that fit and tiles that don't.</summary>
public sealed class BlockedProductTests
{
    public static TheoryData<int, int, int> Shapes => new()
    {
        { 1, 1, 1 }, { 3, 5, 7 }, { 4, 16, 256 }, { 4, 16, 257 }, { 97, 33, 300 }, { 130, 70, 600 }, { 64, 64, 64 }, { 200, 9, 1 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Run_OnEveryPath_IsTheLoopsProductAndTheSameBits(int rows, int columns, int depth)
    {
        double[] a = Random(rows * depth, 1), b = Random(depth * columns, 2), start = Random(rows * columns, 3);
        double[] expected = [.. start];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                for (int k = 0; k < depth; k++)
                    expected[(i * columns) + j] += -0.5 * a[(i * depth) + k] * b[(k * columns) + j];
            }
        }

        double[]? first = null;
        foreach (VectorPath path in new[] { VectorPath.Scalar, VectorPath.Vector256, VectorPath.Vector512 }.Where(VectorPaths.Supports))
        {
            double[] c = [.. start];
            BlockedProduct.Run(MatrixView.Of(a, rows, depth), MatrixView.Of(b, depth, columns), c, 0, -0.5, add: true, lower: false, path);
            for (int i = 0; i < c.Length; i++)
                Assert.Equal(expected[i], c[i], Tolerances.MatrixProduct * Math.Sqrt(depth));
            Assert.Equal(first ??= c, c);
        }
    }

    [Fact]
    public void Set_OfTransposesAndPartsOfMatrices_ReadsThemAsTheyLie()
    {
        const int Rows = 40, Columns = 50, Depth = 30, Step = 77;
        double[] a = Random(Depth * Step, 4), b = Random(Columns * Step, 5), c = new double[Rows * Step];
        Array.Fill(c, 7);
        BlockedProduct.Set(MatrixView.Of(a.AsSpan(3), Depth, Rows, Step).Transpose, MatrixView.Of(b.AsSpan(5), Columns, Depth, Step).Transpose,
            c.AsSpan(2), Step);
        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Columns; j++)
                Assert.Equal(Enumerable.Range(0, Depth).Sum(k => a[3 + (k * Step) + i] * b[5 + (j * Step) + k]), c[2 + (i * Step) + j],
                    Tolerances.MatrixProduct * Depth);
            Assert.All(c[((i * Step) + 2 + Columns)..((i + 1) * Step)], v => Assert.Equal(7, v));
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(33)]
    [InlineData(130)]
    public void SetSymmetric_OfAMatrixAndItsTranspose_IsTheWholeProduct(int d)
    {
        double[] a = Random(d * 40, 6), whole = new double[d * d], half = new double[d * d];
        MatrixView rows = MatrixView.Of(a, d, 40);
        BlockedProduct.Set(rows, rows.Transpose, whole);
        BlockedProduct.SetSymmetric(rows, rows.Transpose, half);
        for (int i = 0; i < d; i++)
        {
            for (int j = 0; j < d; j++)
                Assert.Equal(whole[(Math.Max(i, j) * d) + Math.Min(i, j)], half[(i * d) + j]);
        }
    }

    [Fact]
    public void Set_OfFactorsThatDoNotFit_Throws()
    {
        double[] six = new double[6];
        Assert.Throws<ArgumentException>(() => BlockedProduct.Set(MatrixView.Of(six, 2, 3), MatrixView.Of(six, 2, 3), six));
        Assert.Throws<ArgumentException>(() => BlockedProduct.Set(MatrixView.Of(six, 3, 2), MatrixView.Of(six, 2, 3), six));
        Assert.Throws<ArgumentException>(() => MatrixView.Of(six, 3, 3));
    }

    internal static double[] Random(int count, ulong seed)
    {
        var values = new double[count];
        new PhiloxStream(seed, NoisePurpose.PreprocessingFit).FillNormal(values);
        return values;
    }
}
