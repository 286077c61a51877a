using Sweep.Diffusion.Numerics;
using Sweep.Diffusion.Preprocessing;
using Xunit;

namespace Sweep.Tests.Diffusion.Preprocessing;

/// <summary>Against SciPy 1.10.1 and statsmodels 0.13.5: 16 points, Silverman's bandwidth with n in the sd's denominator.</summary>
public sealed class KdeGaussianizationTests
{
    private const double Silverman = 0.5044384311029837;

    private static readonly double[] Points =
        [-1.3, -1.12, -1.05, -0.97, -0.93, -0.88, -0.74, -0.1, 0.35, 0.71, 0.86, 0.95, 1.02, 1.08, 1.21, 1.46];

    public static TheoryData<double, double, double, double> References => new()
    {
        { -2.5, 0.006168030019965098, 0.0010537637838554524, -3.074645693675034 },
        { -1.0, 0.33999265967652015, 0.2205745085572669, -0.7702543712355333 },
        { -0.5, 0.2663174408782739, 0.378565803374751, -0.3092496784139609 },
        { 0.0, 0.19666829386297324, 0.4884643107326829, -0.028919715546240125 },
        { 0.5, 0.27550519145992913, 0.6019224005872825, 0.25832615956211896 },
        { 1.0, 0.3411800529379325, 0.7620555380480454, 0.7129302427111096 },
        { 2.5, 0.010176343814760815, 0.9980722479973381, 2.889748292064467 },
    };

    [Fact]
    public void Silverman_OfSixteenPoints_AgreesWithTheReference() =>
        Assert.Equal(Silverman, Bandwidth.Silverman(Points), Tolerances.ReferenceRelative);

    [Theory]
    [MemberData(nameof(References))]
    public void At_OfTheExactEstimate_AgreesWithSciPy(double x, double density, double cdf, double z)
    {
        var value = GaussianKde.Exact(Points, Silverman).At(x);
        Assert.Equal(density, value.Density, Tolerances.ReferenceRelative);
        Assert.Equal(cdf, value.Lower, Tolerances.ReferenceRelative);
        Assert.Equal(1 - cdf, value.Upper, Tolerances.ReferenceRelative);
        Assert.Equal(z, value.Normal, Tolerances.ReferenceRelative * 10 * Math.Abs(z));
    }

    [Theory]
    [MemberData(nameof(References))]
    public void Solve_OfTheTable_IsTheNormalQuantileOfTheDistribution(double x, double density, double cdf, double z)
    {
        var table = KdeGaussianization.Build(Points, Silverman, 1e-5, out bool plateau);
        Assert.False(plateau);
        Assert.InRange(cdf, 0, 1);
        Assert.Equal(z, table.Solve(x), Tolerances.MarginalTable);
        double slope = density / StandardNormal.Density(z);
        Assert.Equal(Math.Log(slope), -table.LogSlopeAt(x), 1000 * Tolerances.MarginalTable);
    }

    /// <summary>Exact inverse distribution function.</summary>
    [Theory]
    [InlineData(0.05, -1.6394306615621261)]
    [InlineData(0.25, -0.9136770718035897)]
    [InlineData(0.5, 0.05836042841459123)]
    [InlineData(0.75, 0.9647276952984533)]
    [InlineData(0.95, 1.7107171345033578)]
    public void Evaluate_OfTheTable_IsTheQuantile(double p, double x)
    {
        var table = KdeGaussianization.Build(Points, Silverman, 1e-5, out _);
        Assert.Equal(x, table.Evaluate(StandardNormal.Quantile(p)), Tolerances.MarginalTable);
    }

    [Fact]
    public void At_OfGroupedPoints_StaysCloseToTheExactEstimate()
    {
        double[] points = Bimodal(4000);
        var exact = GaussianKde.Exact(points, 0.05);
        var grouped = GaussianKde.Grouped(points, 0.05);
        Assert.True(grouped.Centres.Length < 1200);
        for (double x = -2; x <= 2; x += 0.01)
            Assert.Equal(exact.At(x).Normal, grouped.At(x).Normal, Tolerances.GroupedKernels);
    }

    [Fact]
    public void At_FarInTheUpperTail_KeepsItsRelativeAccuracy()
    {
        var value = GaussianKde.Exact([0, 1], 0.1).At(1.6);
        Assert.Equal(1, value.Upper / (0.5 * StandardNormal.Cdf(-6)), Tolerances.MarginalTable);
        Assert.Equal(-GaussianKde.Exact([-1, 0], 0.1).At(-1.6).Normal, value.Normal, Tolerances.ReferenceRelative);
    }

    [Fact]
    public void Build_BetweenFarModes_GivesTheGapNextToNoProbability()
    {
        double[] points = [.. Bimodal(2000).Select(x => x < 0 ? x - 50 : x + 50)];
        var table = KdeGaussianization.Build(points, 0.05, 1e-5, out bool plateau);
        Assert.True(plateau);
        double mass = StandardNormal.Cdf(table.Solve(40)) - StandardNormal.Cdf(table.Solve(-40));
        Assert.InRange(mass, 1e-12, 2e-5);
    }

    /// <summary>
    /// Kernels much narrower than the distribution's flank must not set the slope of the tails: z(x) = x / 3 for normal points, outside them too.
    /// </summary>
    [Theory]
    [InlineData(0.01)]
    [InlineData(0.1)]
    public void Build_OutsideNormalPoints_ContinuesTheFlank(double factor)
    {
        double[] points = [.. Enumerable.Range(0, 5000).Select(i => 3 * StandardNormal.Quantile((i + 0.5) / 5000))];
        var table = KdeGaussianization.Build(points, factor * Bandwidth.Silverman(points), 1e-5, out _);
        foreach (double x in new[] { -30.0, -15, -12, 12, 15, 30 })
            Assert.Equal(x / 3, table.Solve(x), 0.1 * Math.Abs(x / 3));
    }

    [Fact]
    public void Build_WithAWideBandwidth_FollowsTheOutermostKernel()
    {
        var table = KdeGaussianization.Build(Points, 3, 1e-5, out _);
        var exact = GaussianKde.Exact(Points, 3);
        foreach (double x in new[] { -12.0, -6, 6, 12 })
            Assert.Equal(exact.At(x).Normal, table.Solve(x), Tolerances.GroupedKernels * Math.Abs(x));
        Assert.InRange((table.Solve(40) - table.Solve(37)), 0.7, 1.1);
    }

    [Fact]
    public void Build_OfTwentyThousandOutliers_StaysSmall()
    {
        var stream = new PhiloxStream(2, NoisePurpose.TrainingPoints);
        var points = new double[20000];
        for (int i = 0; i < points.Length; i++)
            points[i] = stream.NextNormal() / stream.NextDouble();
        Array.Sort(points);
        var table = KdeGaussianization.Build(points, Bandwidth.Silverman(points), 1e-5, out _);
        Assert.InRange(table.Knots.Count, 100, 20000);
    }

    private static double[] Bimodal(int n)
    {
        double[] half = [.. Enumerable.Range(0, n / 2).Select(i => 0.2 * StandardNormal.Quantile((i + 0.5) / (n / 2)))];
        double[] points = [.. half.Select(x => x - 1), .. half.Select(x => x + 1)];
        Array.Sort(points);
        return points;
    }
}
