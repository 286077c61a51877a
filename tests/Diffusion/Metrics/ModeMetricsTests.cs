using MathNet.Numerics.Distributions;
using Sweep.Diffusion.Datasets;
using Sweep.Diffusion.Metrics;
using Sweep.Tests.Diffusion.Datasets;
using Xunit;

namespace Sweep.Tests.Diffusion.Metrics;

public sealed class ModeMetricsTests
{
    [Theory]
    [InlineData("gmm-ring", "{}")]
    [InlineData("gmm-grid", "{}")]
    [InlineData("gmm-product", """{"dimensions": 4}""")]
    [InlineData("gmm-random", "{}")]
    public void Of_TrueSamples_CoversEveryModeWithTheExpectedPrecision(string name, string parameters)
    {
        IDataset dataset = DatasetUnderTest.Create(name, parameters);
        ModeMetrics metrics = ModeMetrics.Of(DatasetUnderTest.Sample(dataset, 4096), dataset.Dimensions, dataset.Modes!);

        Assert.Equal(1, metrics.Coverage);
        Assert.InRange(ExpectedCoverage(dataset.Modes!, 4096), 0.99999, 1);

        // Binomial standard error 0.0008, five of them.
        Assert.Equal(ModeMetrics.Mass, metrics.Precision, 0.004);
    }

    [Fact]
    public void Of_ManyModes_HasTheExpectedCoverage()
    {
        IDataset dataset = DatasetUnderTest.Create("gmm-product", """{"dimensions": 10}""");
        double expected = ExpectedCoverage(dataset.Modes!, 4096);
        ModeMetrics metrics = ModeMetrics.Of(DatasetUnderTest.Sample(dataset, 4096), 10, dataset.Modes!);

        Assert.InRange(expected, 0.3, 0.95);
        Assert.Equal(expected, metrics.Coverage, 0.04);
    }

    [Fact]
    public void Of_SamplesOnOneMode_CoversThatAlone()
    {
        IDataset ring = DatasetUnderTest.Create("gmm-ring");
        double[] collapsed = Enumerable.Range(0, 1000).Select(i => i % 2 == 0 ? 1.0 : 0.0).ToArray();

        Assert.Equal(new ModeMetrics(1.0 / 8, 1), ModeMetrics.Of(collapsed, 2, ring.Modes!));
    }

    [Fact]
    public void Of_SamplesOffTheModesOrNotFinite_AreOnNone()
    {
        IDataset ring = DatasetUnderTest.Create("gmm-ring");

        Assert.Equal(new ModeMetrics(0, 0), ModeMetrics.Of([0, 0, double.NaN, 1, 100, 100, double.PositiveInfinity, 0], 2, ring.Modes!));
        Assert.Equal(0, ModeMetrics.Of([double.NaN], 1, DatasetUnderTest.Create("gmm-product", """{"dimensions": 1}""").Modes!).Precision);
    }

    [Fact]
    public void Radius_InOneDimension_IsThree() => Assert.Equal(3, ModeMetrics.Radius(1), 1e-6);

    /// <summary>
    /// The coverage that independent true samples of well separated modes have on average, counts taken as Poisson with mean lambda = 0.9973 n w: a mode is
    /// covered by at least max(1, min(lambda / 2, lambda - 4 sqrt(lambda))).
    /// </summary>
    private static double ExpectedCoverage(IModes modes, int samples) => modes.Weights.Average(w =>
    {
        double lambda = ModeMetrics.Mass * samples * w, required = Math.Max(1, Math.Min(lambda / 2, lambda - (4 * Math.Sqrt(lambda))));
        return 1 - Poisson.CDF(lambda, Math.Ceiling(required) - 1);
    });
}
