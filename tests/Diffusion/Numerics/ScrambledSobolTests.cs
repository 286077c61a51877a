using Sweep.Diffusion.Numerics;
using Xunit;

namespace Sweep.Tests.Diffusion.Numerics;

/// <summary>Sobol points against SciPy 1.10's, and the stratification and discrepancy that scrambling must keep.</summary>
public sealed class ScrambledSobolTests
{
    /// <summary>Of SciPy's first 4096 points without scrambling, by dimension: the sum over points of their first 12 bits times (i² mod 1009).</summary>
    private static readonly long[] Sums =
    [
        4212369332, 4203034356, 4201039380, 4238943164, 4177458044, 4213636748, 4178813444, 4212487668, 4253967284, 4240866628, 4166767692, 
        4210767532, 4181365588, 4247356516, 4236895204, 4202808476, 4202580196, 4190135332, 4236556844, 4193837060, 4209226412
    ];

    [Fact]
    public void Point_WhenNotScrambled_IsSciPys()
    {
        ScrambledSobol sequence = ScrambledSobol.Plain(ScrambledSobol.MaxDimensions);
        long[] sums = new long[ScrambledSobol.MaxDimensions];
        double[] point = new double[ScrambledSobol.MaxDimensions];
        for (uint i = 0; i < 4096; i++)
        {
            sequence.Point(i, point);
            for (int d = 0; d < point.Length; d++)
                sums[d] += (long)(point[d] * 4096) * ((long)i * i % 1009);
        }

        Assert.Equal(Sums, sums);
    }

    /// <summary>
    /// Every first 2^k points have one in each of 2^k intervals of every dimension, and of the first two dimensions one in each elementary box.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(42)]
    public void Point_WhenScrambled_KeepsTheStratification(ulong seed)
    {
        const int Log = 8, Count = 1 << Log;
        double[][] points = Points(ScrambledSobol.MaxDimensions, seed, Count);
        for (int d = 0; d < ScrambledSobol.MaxDimensions; d++)
            Assert.Equal(Count, points.Select(p => (int)(p[d] * Count)).Distinct().Count());
        for (int k = 0; k <= Log; k++)
            Assert.Equal(Count, points.Select(p => ((int)(p[0] * (1 << k)), (int)(p[1] * (1 << (Log - k))))).Distinct().Count());
        Assert.All(points, p => Assert.All(p, x => Assert.InRange(x, double.Epsilon, 1 - 1e-10)));
    }

    [Fact]
    public void Point_WhenAskedAgain_IsTheSameAndAnotherForAnotherSeed()
    {
        double[][] few = Points(5, 7, 10), more = Points(5, 7, 100), other = Points(5, 8, 10);
        Assert.Equal(few, more[..10]);
        Assert.All(few.Zip(other), p => Assert.NotEqual(p.First, p.Second));

        // Trials of a search are these points: the same seed never gives others.
        Assert.Equal(Pinned, Points(2, 0, 2).SelectMany(p => p));
    }

    /// <summary>Over seeds each point is uniform: without it a mean over the points is not an unbiased one.</summary>
    [Fact]
    public void Point_WhenSeedsVary_IsUniform()
    {
        const int Seeds = 2000;
        foreach (uint index in new uint[] { 0, 5 })
        {
            int[] counts = new int[10];
            for (ulong seed = 0; seed < Seeds; seed++)
            {
                double[] point = new double[3];
                new ScrambledSobol(3, seed).Point(index, point);
                counts[(int)(point[2] * 10)]++;
            }

            // Chi-square with 9 degrees of freedom: beyond 27.9 once in a thousand.
            Assert.InRange(counts.Sum(c => (c - 200.0) * (c - 200.0) / 200), 0, 27.9);
        }
    }

    /// <summary>
    /// The centred L2 discrepancy, and its mean over all planes of two dimensions, beside SciPy's scrambled Sobol points (mean of 40 seeds; standard errors
    /// below 0.6 %) and beside random points, which are 3 to 100 times as bad.
    /// </summary>
    [Theory]
    [InlineData(64, 2, 0.000156106, 0.000156106, 0.00613)]
    [InlineData(64, 5, 0.00281587, 0.000219599, 0.02389)]
    [InlineData(64, 10, 0.0378788, 0.000288071, 0.10654)]
    [InlineData(256, 2, 1.10106e-05, 1.10106e-05, 0.001591)]
    [InlineData(256, 5, 0.000241938, 1.35877e-05, 0.005935)]
    public void Point_WhenScrambled_IsAsEvenAsSciPys(int points, int dimensions, double whole, double planes, double random)
    {
        const int Seeds = 40;
        double mean = 0, projected = 0;
        for (ulong seed = 0; seed < Seeds; seed++)
        {
            double[][] x = Points(dimensions, seed, points);
            mean += Discrepancy(x, [.. Enumerable.Range(0, dimensions)]) / Seeds;
            int pairs = dimensions * (dimensions - 1) / 2;
            for (int a = 0; a < dimensions; a++)
            {
                for (int b = a + 1; b < dimensions; b++)
                    projected += Discrepancy(x, [a, b]) / pairs / Seeds;
            }
        }

        Assert.InRange(mean / whole, 0.9, 1.1);
        Assert.InRange(projected / planes, 0.9, 1.1);
        Assert.True(mean < random / 2.5);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(22)]
    public void ScrambledSobol_WhenDimensionsHaveNoNumbers_SaysWhichDo(int dimensions) => Assert.StartsWith(
        $"dimensions: {dimensions}; allowed: 1 to 21", Assert.Throws<ArgumentOutOfRangeException>(() => new ScrambledSobol(dimensions, 0)).Message,
        StringComparison.Ordinal);

    private static readonly double[] Pinned = [0.23750212986487895, 0.87653545115608722, 0.98421755956951529, 0.47604599024634808];

    private static double[][] Points(int dimensions, ulong seed, int count)
    {
        ScrambledSobol sequence = new(dimensions, seed);
        double[][] points = [.. Enumerable.Range(0, count).Select(_ => new double[dimensions])];
        for (int i = 0; i < count; i++)
            sequence.Point((uint)i, points[i]);
        return points;
    }

    /// <summary>
    /// F. J. Hickernell, "A generalized discrepancy and quadrature error bound", Mathematics of Computation 67 (1998), squared, as SciPy gives it.
    /// </summary>
    private static double Discrepancy(double[][] points, int[] dimensions)
    {
        int n = points.Length;
        double once = 0, twice = 0;
        foreach (double[] x in points)
        {
            double product = 1;
            foreach (int d in dimensions)
            {
                double u = Math.Abs(x[d] - 0.5);
                product *= 1 + (0.5 * u) - (0.5 * u * u);
            }

            once += product;
            foreach (double[] y in points)
            {
                product = 1;
                foreach (int d in dimensions)
                    product *= 1 + (0.5 * Math.Abs(x[d] - 0.5)) + (0.5 * Math.Abs(y[d] - 0.5)) - (0.5 * Math.Abs(x[d] - y[d]));
                twice += product;
            }
        }

        return Math.Pow(13.0 / 12, dimensions.Length) - (2 * once / n) + (twice / n / n);
    }
}
