using System.Text.Json.Nodes;
using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Kinds;
using Sweep.Diffusion.Samplers;
using Sweep.Diffusion.Schedules;
using Xunit;

namespace Sweep.Tests.Diffusion.Samplers;

public sealed class TeleportationTests
{
    /// <summary>Hardly below step 5 of Karras' 18 levels from 80 to 0.002, 12.91008.</summary>
    private const double FifthSigma = 12.91;

    public static TheoryData<ISchedule> Schedules => [new VpLinear(), new VpCosine(), new VeGeometric(), new EdmKarras()];

    /// <summary>Data N(0, 0.25), from N(0, 80^2): the factor at sigma 12.910, computed with NumPy in float64.</summary>
    [Fact]
    public void Apply_WhenDataAreGaussian_HasTheReferencesFactor()
    {
        Teleported teleported = new Teleportation([0], new[,] { { 0.25 } })
            .Apply(TeleportTarget.ToSigma(FifthSigma), new EdmKarras(), new EdmKarras().NativeGrid(18), [1.0, -3.0]);
        Assert.Equal(0.16149283073116089, teleported.Initial[0], Tolerances.ReferenceRelative);
        Assert.Equal(-3 * 0.16149283073116089, teleported.Initial[1], Tolerances.ReferenceRelative);
        Assert.Equal(5, teleported.SkippedSteps);
        Assert.Equal(14, teleported.Grid.Count);
        Assert.Equal(FifthSigma / 0.5, teleported.SigmaSkipOverSigmaData, Tolerances.ReferenceRelative * 30);
    }

    /// <summary>The whole way for data N(0, 0.25) is 0.499990234661093 from 80 (NumPy in float64).</summary>
    [Fact]
    public void Flow_WhenToClean_EndsAtTheDatasStandardDeviation() =>
        Assert.Equal(
            0.499990234661093, new Teleportation([0], new[,] { { 0.25 } }).Flow([80.0], new NoiseLevel(1, 80), NoiseLevel.Clean)[0],
                Tolerances.ReferenceRelative);

    [Theory]
    [MemberData(nameof(Schedules))]
    public void Apply_WhenDataAreGaussian_IsWhereManyStepsOfHeunLead(ISchedule schedule)
    {
        IReadOnlyList<NoiseLevel> grid = new GeometricGrid().Levels(schedule, 2000);
        double[] initial = [1.5 * grid[0].Noise, -0.4 * grid[0].Noise];
        Teleported teleported = new Teleportation([0.2], new[,] { { 0.25 } }).Apply(TeleportTarget.OverShare(0.75), schedule, grid, initial);
        Assert.Equal(1500, teleported.SkippedSteps);
        ReverseState walked = new Heun().Sample(new MixtureFlow([1], [0.2], [0.5]), grid, initial, new StreamNoise(1)).ElementAt(1500);
        Assert.Equal(walked.Level, teleported.Grid[0]);
        for (int i = 0; i < initial.Length; i++)
            Assert.Equal(walked.X[i], teleported.Initial[i], Tolerances.FineHeun);
    }

    /// <summary>
    /// What the paper is about: at much noise a mixture's flow is that of the Gaussian with its mean and covariance, and nearer to the data it is not.
    /// </summary>
    [Fact]
    public void Flow_WhenDataAreAMixture_IsNearlyTheirsAtMuchNoiseOnly()
    {
        var mixture = new MixtureFlow([0.3, 0.7], [-1.2, 0.6], [0.2, 0.3]);
        var teleportation = new Teleportation([0.06], new[,] { { 0.7554 } });
        double Miss(double sigma) => new[] { -100.0, -30, 50, 120 }.Max(
            y => Math.Abs(mixture.Flow(y, 80, sigma) - teleportation.Flow([y], new NoiseLevel(1, 80), new NoiseLevel(1, sigma))[0]));
        Assert.InRange(Miss(10), 0, Tolerances.GaussianAtMuchNoise);
        Assert.True(Miss(0.3) > 50 * Tolerances.GaussianAtMuchNoise, $"off by {Miss(0.3)} at sigma 0.3");
    }

    [Fact]
    public void Apply_WhenDirectionsAreTilted_ScalesEachByItsOwnFactor()
    {
        // Variance 4 along (1, 1) / sqrt 2 and 1 across; mean (1, -2); sigma from 10 to 2.
        var teleportation = new Teleportation([1, -2], new[,] { { 2.5, 1.5 }, { 1.5, 2.5 } });
        double along = Math.Sqrt((4 + 4) / (4.0 + 100));
        double across = Math.Sqrt((1 + 4) / (1.0 + 100));
        double[] there = teleportation.Flow([1 + 3 + 5, -2 + 3 - 5], new NoiseLevel(1, 10), new NoiseLevel(1, 2));
        Assert.Equal(1 + (3 * along) + (5 * across), there[0], Tolerances.ReferenceRelative);
        Assert.Equal(-2 + (3 * along) - (5 * across), there[1], Tolerances.ReferenceRelative);
        Assert.Equal(Math.Sqrt(2.5), teleportation.SigmaData, Tolerances.ReferenceRelative);
    }

    [Fact]
    public void Of_WhenGivenPoints_HasTheirMeanAndCovariance()
    {
        // Mean (1, 0); covariance diag(4, 1/2) with n in the denominator.
        Teleportation fitted = Teleportation.Of(new PointSet([3, 0, -1, 0, 3, 1, -1, 1, 3, -1, -1, -1, 3, 0, -1, 0], 2));
        var exact = new Teleportation([1, 0], new[,] { { 4.0, 0 }, { 0, 0.5 } });
        double[] x = [7, -3, 2, 2];
        double[] expected = exact.Flow(x, new NoiseLevel(1, 10), new NoiseLevel(1, 1));
        double[] actual = fitted.Flow(x, new NoiseLevel(1, 10), new NoiseLevel(1, 1));
        for (int i = 0; i < x.Length; i++)
            Assert.Equal(expected[i], actual[i], Tolerances.ReferenceRelative);
    }

    [Fact]
    public void Apply_WhenTheSigmaIsBetweenLevels_StartsThere()
    {
        Teleported teleported = new Teleportation([0], new[,] { { 1.0 } })
            .Apply(TeleportTarget.ToSigma(2), new EdmKarras(), new EdmKarras().NativeGrid(18), [80.0]);
        Assert.Equal(2, teleported.Grid[0].Sigma);
        Assert.Equal(1.923339837040052, teleported.Grid[1].Sigma, Tolerances.ReferenceRelative * 2);
        Assert.Equal(2, teleported.SigmaSkip);
        Assert.Equal(8, teleported.SkippedSteps);
    }

    [Fact]
    public void Apply_WhenTheShareIsRoundedToSteps_LeavesASuffixOfTheGrid()
    {
        IReadOnlyList<NoiseLevel> grid = new EdmKarras().NativeGrid(18);
        Teleported teleported = new Teleportation([0], new[,] { { 1.0 } }).Apply(TeleportTarget.OverShare(0.28), new EdmKarras(), grid, [80.0]);
        Assert.Equal(grid.Skip(5), teleported.Grid);
    }

    /// <summary>
    /// 12 of Karras' 18 steps are left from level 6 on: 18 again, of which the 17 with noise are spaced in what is left as Karras' own from there.
    /// </summary>
    [Fact]
    public void Apply_WhenItRegrids_SpendsTheStepsOnTheRest()
    {
        IReadOnlyList<NoiseLevel> grid = new EdmKarras().NativeGrid(18);
        Teleported teleported = new Teleportation([0], new[,] { { 1.0 } })
            .Apply(TeleportTarget.OverShare(0.34) with { Regrid = true }, new EdmKarras(), grid, [80.0]);
        Assert.Equal((19, 6), (teleported.Grid.Count, teleported.SkippedSteps));
        Assert.Equal((grid[6], grid[17], grid[18]), (teleported.Grid[0], teleported.Grid[17], teleported.Grid[18]));
        Assert.Equal(teleported.Grid.Select(l => l.Sigma).OrderDescending(), teleported.Grid.Select(l => l.Sigma));
        double high = Math.Pow(grid[6].Sigma, 1 / 7.0), low = Math.Pow(0.002, 1 / 7.0);
        for (int k = 0; k < 18; k++)
            Assert.InRange(teleported.Grid[k].Sigma / Math.Pow(high + (k / 17.0 * (low - high)), 7), 0.95, 1.05);
    }

    [Fact]
    public void Apply_WhenNothingIsSkippedButRegridded_ChangesNothing()
    {
        IReadOnlyList<NoiseLevel> grid = new VpLinear().NativeGrid(30);
        Assert.Equal(grid, new Teleportation([0.3], new[,] { { 1.0 } })
            .Apply(TeleportTarget.OverShare(0) with { Regrid = true }, new VpLinear(), grid, [1.3]).Grid);
    }

    [Fact]
    public void Apply_WhenNothingIsSkipped_ChangesNothing()
    {
        IReadOnlyList<NoiseLevel> grid = new VpLinear().NativeGrid(30);
        Teleported teleported = new Teleportation([0.3], new[,] { { 1.0 } }).Apply(TeleportTarget.OverShare(0), new VpLinear(), grid, [1.3]);
        Assert.Equal(grid, teleported.Grid);
        Assert.Equal([1.3], teleported.Initial);
        Assert.Equal(0, teleported.SkippedSteps);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(0.001)]
    public void Apply_WhenTheSigmaIsOutsideTheGrid_SaysWhatIsAllowed(double sigma)
    {
        var error = Assert.Throws<KindException>(
            () => new Teleportation([0], new[,] { { 1.0 } }).Apply(TeleportTarget.ToSigma(sigma), new EdmKarras(), new EdmKarras().NativeGrid(18), [80.0]));
        Assert.Contains("allowed: from 0.002", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"sigma": 2}""", 2.0, null)]
    [InlineData("""{"skip": 0.28}""", null, 0.28)]
    [InlineData("""{"skip": 0}""", null, 0.0)]
    public void Parse_WhenOneNumber_IsTheTarget(string json, double? sigma, double? skip)
    {
        TeleportTarget target = TeleportTarget.Parse(JsonNode.Parse(json));
        Assert.Equal(sigma, target.Sigma);
        Assert.Equal(skip, target.Skip);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("2")]
    [InlineData("{}")]
    [InlineData("""{"sigma": 2, "skip": 0.1}""")]
    [InlineData("""{"sigma": "two"}""")]
    [InlineData("""{"sigma": 0}""")]
    [InlineData("""{"skip": 1}""")]
    [InlineData("""{"skip": -0.1}""")]
    [InlineData("""{"steps": 3}""")]
    [InlineData("""{"regrid": true}""")]
    [InlineData("""{"skip": 0.1, "regrid": 1}""")]
    [InlineData("""{"skip": 0.1, "regrid": true, "sigma": 2}""")]
    public void Parse_WhenAnythingElse_SaysWhatIsAllowed(string json)
    {
        var error = Assert.Throws<KindException>(() => TeleportTarget.Parse(JsonNode.Parse(json)));
        Assert.Contains("allowed: ", error.Message, StringComparison.Ordinal);
    }
}
